import { z } from '@hono/zod-openapi'
import { showId } from '../id.ts'
import { toShillings } from '../money.ts'

/** A row of `money_in`. A test compares its keys and nullability with the catalogue. */
export const moneyRow = z.object({
  merchant_id: z.string(),
  provider: z.enum(['mpesa', 'pesaflow']),
  environment: z.enum(['simulator', 'sandbox', 'live']),
  receipt: z.string(),
  id: z.string(),
  provider_account_id: z.string(),
  amount_cents: z.number().int(),
  currency: z.string(),
  payment_id: z.string().nullable(),
  named_payment_id: z.string().nullable(),
  kind: z.enum(['stk', 'c2b', 'other']),
  phone: z.string().nullable(),
  phone_masked: z.string().nullable(),
  phone_hash: z.string().nullable(),
  payer_name: z.string().nullable(),
  reference: z.string().nullable(),
  unmatched_because: z.string().nullable(),
  candidates: z.array(z.string()).nullable(),
  match_at: z.date().nullable(),
  reserved_cents: z.number().int(),
  reversed_cents: z.number().int(),
  reversed_by: z.string().nullable(),
  reversed_at: z.date().nullable(),
  paid_at: z.date().nullable(),
  created_at: z.date(),
  callback_id: z.string().nullable(),
  attention_told: z.boolean(),
  looked_at: z.date().nullable(),
})

/** One receipt of the provider: money that arrived, and the payment it belongs to, or none. */
export type MoneyIn = z.infer<typeof moneyRow>

/** What one receipt is known by. */
export type MoneyName = Pick<MoneyIn, 'merchant_id' | 'provider' | 'environment' | 'receipt'>

/** The name of a receipt as one text: no two merchants, providers or environments share it. */
export function nameOf({ merchant_id, provider, environment, receipt }: MoneyName): string {
  return [merchant_id, provider, environment, receipt].join(' ')
}

/** Money in as the outside sees it. */
export const moneySchema = z
  .object({
    id: z.string(),
    receipt: z.string(),
    provider: moneyRow.shape.provider,
    environment: moneyRow.shape.environment,
    account: z.string().openapi({ description: 'The account that it came to.' }),
    kind: moneyRow.shape.kind,
    amount: z.string(),
    currency: z.string(),
    payment_id: z.string().nullable(),
    unmatched_because: z.string().nullable(),
    candidates: z.array(z.string()).openapi({ description: 'The payments that it could have been meant for.' }),
    payer: z.object({ name: z.string().nullable(), phone: z.string().nullable() }),
    account_reference: z.string().nullable(),
    waits_until: z.string().nullable().openapi({ description: 'Until then it may still find its payment by itself.' }),
    amount_reserved: z.string().openapi({ description: 'What is on its way back to the payer.' }),
    amount_reversed: z.string(),
    reversed_at: z.string().nullable(),
    reversed_by: z.string().nullable(),
    paid_at: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('MoneyIn')

/** Shows money in: shillings for cents, and of the payer no more than the provider showed. */
export function presentMoney(money: MoneyIn): z.infer<typeof moneySchema> {
  return {
    id: showId('min', money.id),
    receipt: money.receipt,
    provider: money.provider,
    environment: money.environment,
    account: showId('acc', money.provider_account_id),
    kind: money.kind,
    amount: toShillings(money.amount_cents),
    currency: money.currency,
    payment_id: money.payment_id && showId('pay', money.payment_id),
    unmatched_because: money.unmatched_because,
    candidates: (money.candidates ?? []).map((id) => showId('pay', id)),
    payer: { name: money.payer_name, phone: money.phone ?? money.phone_masked },
    account_reference: money.reference,
    waits_until: money.match_at?.toISOString() ?? null,
    amount_reserved: toShillings(money.reserved_cents),
    amount_reversed: toShillings(money.reversed_cents),
    reversed_at: money.reversed_at?.toISOString() ?? null,
    reversed_by: money.reversed_by,
    paid_at: money.paid_at?.toISOString() ?? null,
    created_at: money.created_at.toISOString(),
  }
}

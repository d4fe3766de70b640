import { z } from 'zod'
import { showId } from '../id.ts'
import { toShillings } from '../money.ts'

const time = z.date()

/** A row of `refunds`. A test compares its keys and nullability with the catalogue. */
export const refundRow = z.object({
  merchant_id: z.string(),
  id: z.string(),
  payment_id: z.string().nullable(),
  /** Made of money that no payment explained: its amount is reserved there, whatever payment the money finds later. */
  of_money: z.boolean(),
  provider_account_id: z.string(),
  provider: z.enum(['mpesa', 'pesaflow']),
  environment: z.enum(['simulator', 'sandbox', 'live']),
  origin: z.enum(['api', 'dashboard', 'portal']),
  status: z.enum(['created', 'pending', 'completed', 'failed']),
  version: z.number(),
  provider_outcome: z.enum(['accepted', 'refused', 'unknown']).nullable(),
  was_unknown: z.boolean(),
  currency: z.literal('KES'),
  amount_cents: z.number().int(),
  reason: z.string().nullable(),
  idempotency_key: z.string().nullable(),
  payment_receipt: z.string(),
  provider_receipt: z.string().nullable(),
  originator_conversation_id: z.string().nullable(),
  conversation_id: z.string().nullable(),
  failure_code: z.string().nullable(),
  failure_message: z.string().nullable(),
  failure_provider_code: z.string().nullable(),
  late: z.boolean(),
  settled_by: z.string().nullable(),
  last_effect: z.string().nullable(),
  needs_attention: z.array(z.string()).nullable(),
  attention_since: z.date().nullable(),
  attention_told: z.boolean(),
  completed_at: time.nullable(),
  failed_at: time.nullable(),
  created_at: time,
  updated_at: time,
  check_at: time.nullable(),
  checks: z.number(),
  checked_at: time.nullable(),
  /** When its payer is to be told that it went back. */
  mail_at: time.nullable(),
})

/** Money of one payment on its way back, as the database holds it. */
export type Refund = z.infer<typeof refundRow>

/** A refund as the outside sees it. */
export const refundSchema = z.object({
  id: z.string(),
  merchant_id: z.string(),
  payment_id: z.string().nullable(),
  environment: refundRow.shape.environment,
  amount: z.string(),
  currency: refundRow.shape.currency,
  provider: refundRow.shape.provider,
  account: z.string(),
  origin: refundRow.shape.origin,
  status: z.enum(['pending', 'completed', 'failed']),
  provider_outcome: refundRow.shape.provider_outcome,
  payment_receipt: z.string(),
  provider_receipt: z.string().nullable(),
  reason: z.string().nullable(),
  failure: z
    .object({ code: z.string(), message: z.string().nullable(), provider_code: z.string().nullable() })
    .nullable(),
  late: z.boolean(),
  version: z.number(),
  needs_attention: z.array(z.string()).nullable(),
  idempotency_key: z.string().nullable(),
  created_at: z.string(),
  completed_at: z.string().nullable(),
  failed_at: z.string().nullable(),
})

/** Shows a refund: the same names, fewer of them, shillings for cents, and `created` as `pending`. */
export function presentRefund(refund: Refund): z.infer<typeof refundSchema> {
  return {
    id: showId('ref', refund.id),
    merchant_id: showId('mer', refund.merchant_id),
    payment_id: refund.payment_id && showId('pay', refund.payment_id),
    environment: refund.environment,
    amount: toShillings(refund.amount_cents),
    currency: refund.currency,
    provider: refund.provider,
    account: showId('acc', refund.provider_account_id),
    origin: refund.origin,
    status: refund.status === 'created' ? 'pending' : refund.status,
    provider_outcome: refund.provider_outcome,
    payment_receipt: refund.payment_receipt,
    provider_receipt: refund.provider_receipt,
    reason: refund.reason,
    failure:
      refund.status === 'failed'
        ? { code: refund.failure_code!, message: refund.failure_message, provider_code: refund.failure_provider_code }
        : null,
    late: refund.late,
    version: refund.version,
    needs_attention: refund.needs_attention,
    idempotency_key: refund.idempotency_key,
    created_at: refund.created_at.toISOString(),
    completed_at: refund.completed_at?.toISOString() ?? null,
    failed_at: refund.failed_at?.toISOString() ?? null,
  }
}

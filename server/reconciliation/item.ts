import { z } from '@hono/zod-openapi'
import { showId } from '../id.ts'
import { toShillings } from '../money.ts'

/** A row of `reconciliation_items`. A test compares its keys and nullability with the catalogue. */
export const itemRow = z.object({
  merchant_id: z.string(),
  run_id: z.string(),
  number: z.number(),
  kind: z.enum(['payment', 'reversal', 'payout', 'charge', 'transfer', 'unknown']),
  direction: z.enum(['in', 'out']).nullable(),
  outcome: z.enum(['matched', 'recovered', 'mismatched', 'not_found']),
  reason: z.string(),
  receipt: z.string().nullable(),
  amount_cents: z.number().nullable(),
  at: z.date().nullable(),
  reference: z.string().nullable(),
  phone: z.string().nullable(),
  payer_name: z.string().nullable(),
  linked_receipt: z.string().nullable(),
  payment_id: z.string().nullable(),
  payout_id: z.string().nullable(),
  candidates: z.array(z.string()).nullable(),
  expected_cents: z.number().nullable(),
  raw: z.string().nullable(),
  line: z.number().nullable(),
  problem: z.string().nullable(),
})

/** What became of one record. */
export type Item = z.infer<typeof itemRow>

/** An item before it has its place in a run. */
export type NewItem = Omit<Item, 'merchant_id' | 'run_id' | 'number'>

/** What became of one record, as the outside sees it. */
export const itemSchema = z
  .object({
    kind: itemRow.shape.kind.openapi({ description: 'Unknown where the record could not be read.' }),
    direction: itemRow.shape.direction,
    outcome: itemRow.shape.outcome,
    reason: z.string(),
    explanation: z.string(),
    receipt: z.string().nullable(),
    amount: z.string().nullable(),
    expected_amount: z.string().nullable(),
    at: z.string().nullable(),
    account_reference: z.string().nullable(),
    payer: z.object({ name: z.string().nullable(), phone: z.string().nullable() }),
    linked_receipt: z.string().nullable(),
    payment_id: z.string().nullable(),
    payout_id: z.string().nullable(),
    candidates: z.array(z.string()),
    line: z.number().nullable().openapi({ description: 'Where it stands in the file that was uploaded.' }),
    raw: z.string().nullable(),
  })
  .openapi('ReconciliationItem')

/** An item as the outside sees it, also before it is kept. */
export function presentItem(
  item: Omit<Item, 'merchant_id' | 'run_id' | 'number'>,
  explain: (reason: string) => string,
): z.infer<typeof itemSchema> {
  const shillings = (cents: number | null) => (cents === null ? null : toShillings(cents))
  return {
    kind: item.kind,
    direction: item.direction,
    outcome: item.outcome,
    reason: item.reason,
    explanation: item.problem ? `${explain(item.reason)} ${item.problem}` : explain(item.reason),
    receipt: item.receipt,
    amount: shillings(item.amount_cents),
    expected_amount: shillings(item.expected_cents),
    at: item.at?.toISOString() ?? null,
    account_reference: item.reference,
    payer: { name: item.payer_name, phone: item.phone },
    linked_receipt: item.linked_receipt,
    payment_id: item.payment_id && showId('pay', item.payment_id),
    payout_id: item.payout_id && showId('pot', item.payout_id),
    candidates: (item.candidates ?? []).map((id) => showId('pay', id)),
    line: item.line,
    raw: item.raw,
  }
}

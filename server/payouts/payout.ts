import { z } from 'zod'
import { showId } from '../id.ts'
import { toShillings } from '../money.ts'

const time = z.date()

/** A row of `payouts`. A test compares its keys and nullability with the catalogue. */
export const payoutRow = z.object({
  merchant_id: z.string(),
  id: z.string(),
  provider_account_id: z.string(),
  provider: z.enum(['mpesa', 'pesaflow']),
  environment: z.enum(['simulator', 'sandbox', 'live']),
  kind: z.enum(['b2c', 'pochi', 'b2b']),
  status: z.enum(['awaiting_approval', 'created', 'pending', 'completed', 'failed', 'returned']),
  version: z.number(),
  provider_outcome: z.enum(['accepted', 'refused', 'unknown']).nullable(),
  currency: z.literal('KES'),
  amount_cents: z.number().int(),
  phone: z.string().nullable(),
  shortcode: z.string().nullable(),
  shortcode_type: z.enum(['paybill', 'till']).nullable(),
  account_reference: z.string().nullable(),
  reason: z.enum(['business_payment', 'salary_payment', 'promotion_payment']).nullable(),
  remarks: z.string().nullable(),
  external_reference: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  idempotency_key: z.string().nullable(),
  created_by: z.string(),
  person: z.string(),
  batch_id: z.string().nullable(),
  counted_on: time,
  originator_conversation_id: z.string().nullable(),
  conversation_id: z.string().nullable(),
  provider_receipt: z.string().nullable(),
  receiver_name: z.string().nullable(),
  failure_code: z.string().nullable(),
  failure_message: z.string().nullable(),
  failure_provider_code: z.string().nullable(),
  late: z.boolean(),
  settled_by: z.string().nullable(),
  last_effect: z.string().nullable(),
  needs_attention: z.array(z.string()).nullable(),
  attention_since: z.date().nullable(),
  attention_told: z.boolean(),
  requested_at: time.nullable(),
  paid_at: time.nullable(),
  completed_at: time.nullable(),
  failed_at: time.nullable(),
  returned_at: time.nullable(),
  created_at: time,
  updated_at: time,
  check_at: time.nullable(),
  checks: z.number(),
  checked_at: time.nullable(),
  /** When it is to be sent, where it was approved with others and has not been yet. */
  send_at: time.nullable(),
})

/** Money on its way from a merchant to a person or a business, as the database holds it. */
export type Payout = z.infer<typeof payoutRow>

/** A payout as the outside sees it. */
export const payoutSchema = z.object({
  id: z.string(),
  merchant_id: z.string(),
  environment: payoutRow.shape.environment,
  kind: payoutRow.shape.kind,
  amount: z.string(),
  currency: payoutRow.shape.currency,
  provider: payoutRow.shape.provider,
  account: z.string(),
  status: z.enum(['awaiting_approval', 'pending', 'completed', 'failed', 'returned']),
  provider_outcome: payoutRow.shape.provider_outcome,
  provider_receipt: z.string().nullable(),
  failure: z
    .object({ code: z.string(), message: z.string().nullable(), provider_code: z.string().nullable() })
    .nullable(),
  phone: z.string().nullable(),
  shortcode: z.string().nullable(),
  shortcode_type: payoutRow.shape.shortcode_type,
  account_reference: z.string().nullable(),
  receiver_name: z.string().nullable(),
  reason: payoutRow.shape.reason,
  remarks: z.string().nullable(),
  external_reference: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  late: z.boolean(),
  version: z.number(),
  needs_attention: z.array(z.string()).nullable(),
  batch_id: z.string().nullable(),
  created_by: z.string(),
  idempotency_key: z.string().nullable(),
  created_at: z.string(),
  paid_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  failed_at: z.string().nullable(),
  returned_at: z.string().nullable(),
})

/** Shows a payout: the same names, fewer of them, shillings for cents, and `created` as `pending`. */
export function presentPayout(payout: Payout): z.infer<typeof payoutSchema> {
  return {
    id: showId('pot', payout.id),
    merchant_id: showId('mer', payout.merchant_id),
    environment: payout.environment,
    kind: payout.kind,
    amount: toShillings(payout.amount_cents),
    currency: payout.currency,
    provider: payout.provider,
    account: showId('acc', payout.provider_account_id),
    status: payout.status === 'created' ? 'pending' : payout.status,
    provider_outcome: payout.provider_outcome,
    provider_receipt: payout.provider_receipt,
    failure:
      payout.status === 'failed'
        ? { code: payout.failure_code!, message: payout.failure_message, provider_code: payout.failure_provider_code }
        : null,
    phone: payout.phone,
    shortcode: payout.shortcode,
    shortcode_type: payout.shortcode_type,
    account_reference: payout.account_reference,
    receiver_name: payout.receiver_name,
    reason: payout.reason,
    remarks: payout.remarks,
    external_reference: payout.external_reference,
    metadata: payout.metadata,
    late: payout.late,
    version: payout.version,
    needs_attention: payout.needs_attention,
    batch_id: payout.batch_id && showId('bat', payout.batch_id),
    created_by: payout.created_by,
    idempotency_key: payout.idempotency_key,
    created_at: payout.created_at.toISOString(),
    paid_at: payout.paid_at?.toISOString() ?? null,
    completed_at: payout.completed_at?.toISOString() ?? null,
    failed_at: payout.failed_at?.toISOString() ?? null,
    returned_at: payout.returned_at?.toISOString() ?? null,
  }
}

import type { Evidence } from '../evidence/evidence.ts'
import type { FailureCode } from '../providers/finding.ts'

/** One fact learnt about a payment. */
export type PaymentEvidence = Evidence & {
  payment_id: string
  failure_code?: FailureCode
  paid_at?: Date
  provider_ref?: string
  merchant_request_id?: string
  /** All that the provider says was paid so far: then receipts add up, and never to more than this. */
  paid_total_cents?: number
  /** What the provider named with its acceptance: what it takes on top, and its page to pay at. */
  commission_cents?: number
  checkout_url?: string
}

/** What must be the same where two pieces say the very same: copies of a callback may come by the hundred. */
export function sameness(evidence: PaymentEvidence): unknown[] {
  const { payment_id, source, verdict, receipt, amount_cents, amount_unreadable } = evidence
  const { provider_ref, provider_code, provider_outcome, doubt } = evidence
  const what = [
    verdict,
    receipt,
    amount_cents,
    amount_unreadable,
    provider_ref,
    provider_code,
    provider_outcome,
    evidence.paid_total_cents,
  ]
  return [payment_id, source, ...what, doubt]
}

import type { Evidence } from '../evidence/evidence.ts'
import type { RefundFinding } from '../providers/finding.ts'

/** One fact learnt about a refund. */
export type RefundEvidence = Evidence &
  RefundFinding & {
    refund_id: string
    /** The payment that the money turned out to be of, where the refund was of money that nothing explained. */
    payment_id?: string
  }

import type { Evidence } from '../evidence/evidence.ts'
import type { PayoutFinding } from '../providers/finding.ts'

/** One fact learnt about a payout. */
export type PayoutEvidence = Evidence &
  PayoutFinding & {
    payout_id: string
    /** Why a person should look at it. */
    needs_attention?: string
  }

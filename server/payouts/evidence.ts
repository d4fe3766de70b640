import type { Evidence } from '../evidence/evidence.ts'
import type { PayoutFinding } from '../providers/finding.ts'

/** One fact learnt about a payout. */
export type PayoutEvidence = Evidence &
  PayoutFinding & {
    payout_id: string
    /** When it came back, by the provider's clock, where that is what it says: as much as its amount, or all of it. */
    returned_at?: Date
    /** Why a person should look at it. */
    needs_attention?: string
  }

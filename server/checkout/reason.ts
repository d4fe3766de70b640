import type { FailureCode } from '../providers/finding.ts'

/** Why a payment failed, as the payer is told: some codes of M-Pesa deserve a sentence of their own. */
export type Reason =
  | Exclude<FailureCode, 'expired' | 'no_evidence'>
  | 'asked_before'
  | 'shop_full'
  | 'pin_locked'
  | 'not_allowed'

import type { Shillings } from '@lango/daraja'
import type { AmountTold } from '../finding.ts'

/**
 * The amount that M-Pesa tells of money that moved, in cents. Nothing, less than nothing, and a part of a cent are no amounts of
 * such money: they are as unreadable as `"2,000.00"`.
 */
export function amountOf(told: Shillings | undefined): AmountTold {
  if (told === undefined) return {}
  const cents = told === 'unreadable' ? NaN : Math.round(told * 100)
  const isAmount = Number.isSafeInteger(cents) && cents > 0 && cents / 100 === told
  return isAmount ? { amount_cents: cents } : { amount_unreadable: true }
}

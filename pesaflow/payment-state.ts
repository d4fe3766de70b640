import type { BillStatus } from './payment-status.ts'

/** The words that were seen or reported for a paid bill, in small letters. Pesaflow publishes no list. */
export const PAID_WORDS: readonly string[] = ['settled', 'paid', 'success']

/**
 * How far a bill is paid. `unclear` says nothing: an amount that is missing or cannot be read, another currency, a word and
 * an amount that disagree.
 */
export type PaymentState = 'unpaid' | 'part_paid' | 'paid' | 'unclear'

/** What was to be paid, commission included, as the checkout answered it. */
export type Expected = { amountCents: number; currency: string }

/**
 * Judges a status by its word and its amount together, since neither is enough: the word of a bill that is paid in part is
 * not known, and a word for "paid" beside too little is no payment. Only what can be counted in the right currency counts.
 *
 * @example paymentState(answer, { amountCents: 10500, currency: 'KES' }) // 'part_paid'
 */
export function paymentState(
  answer: Pick<BillStatus, 'status' | 'currency' | 'paidCents'>,
  expected: Expected,
  paidWords: readonly string[] = PAID_WORDS,
): PaymentState {
  const { status, currency, paidCents } = answer
  if (currency !== expected.currency || typeof paidCents !== 'number') return 'unclear'
  const saysPaid = paidWords.includes(status.toLowerCase())
  if (paidCents >= expected.amountCents) return saysPaid ? 'paid' : 'unclear'
  if (paidCents > 0) return 'part_paid'
  return saysPaid ? 'unclear' : 'unpaid'
}

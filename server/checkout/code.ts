import type { ClaimAnswer } from '../money-in/claim.ts'

/** What a payer named as the code of their payment, and what is known of it, or wrong with it. */
export type Named = {
  typed: string
  answer?: ClaimAnswer
  wrong?: 'code_missing' | 'code_wrong'
  /** How much it was, where only the payer knows, and what the page knew of payments when that was typed. */
  amount?: { typed: string; seen: number; wrong?: 'amount_missing' | 'amount_said' }
}

/** True while an answer is on its way, so that the page should be looked at again. */
export function isUnderWay(answer: ClaimAnswer | undefined): boolean {
  return answer === 'asked' || answer === 'waiting' || answer === 'unknown'
}

const mixed = /(?<![A-Z0-9])(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{10}(?![A-Z0-9])/
const whole = /^(?=.*[A-Z])[A-Z0-9]{10}$/

/**
 * The code in what a payer typed or pasted: the code alone, in any case and with blanks in it, or the whole SMS, which begins with
 * it. A code may be of letters only; in the middle of a sentence such a one would be a word.
 */
export function readCode(typed: string): string | undefined {
  const text = typed.toUpperCase().trim()
  const [first = ''] = text.split(/[^A-Z0-9]/, 1)
  const alone = text.replace(/[^A-Z0-9]/g, '')
  return [first, alone].find((part) => whole.test(part)) ?? mixed.exec(text)?.[0]
}

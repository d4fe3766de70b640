import type { Language, Speak } from '../web/language.ts'
import { showMoney } from '../web/parts/amount.ts'
import { showDay } from '../web/parts/time.ts'
import type { FoundReceipt } from './receipt.ts'
import type { words } from './words.ts'

/** What a reader of a receipt must know before they trust it; empty where all is as it was. */
export function noteOf(
  { status, refunded_cents, reversed_at }: FoundReceipt,
  say: Speak<typeof words>,
  language: Language,
): string {
  if (status === 'replaced') return say('replaced')
  if (reversed_at) return say('reversed', { day: showDay(reversed_at, language) })
  return refunded_cents > 0 ? say('given_back_part', { amount: showMoney(refunded_cents) }) : ''
}

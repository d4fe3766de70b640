import { parseShillings } from '../money.ts'

/** The cents of an amount as people type it: `KSh 1,500/=`. */
export function readCents(typed: string): number | undefined {
  return parseShillings(typed.replace(/^\s*(ksh|kes)|[\s,]|\/[-=]\s*$/gi, ''))
}

/** The cents of an amount as people type it: whole shillings, and no more than `most_cents`. */
export function readAmount(typed: string, most_cents: number): number | undefined {
  const cents = readCents(typed)
  return cents !== undefined && cents > 0 && cents <= most_cents && cents % 100 === 0 ? cents : undefined
}

import { parseShillings } from '../money.ts'

/** The cents of an amount as people type it, `KSh 1,500/=`: whole shillings, and no more than `most_cents`. */
export function readAmount(typed: string, most_cents: number): number | undefined {
  const cents = parseShillings(typed.replace(/^\s*(ksh|kes)|[\s,]|\/[-=]\s*$/gi, ''))
  return cents !== undefined && cents > 0 && cents <= most_cents && cents % 100 === 0 ? cents : undefined
}

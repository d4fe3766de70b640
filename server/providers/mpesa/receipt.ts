import { normalReceipt } from '../../receipt.ts'

/**
 * A receipt as M-Pesa names it, in its one form. What is none stays as it came, so that it is set aside for a person; so does
 * what holds a NUL, which no text has: it was damaged on its way.
 */
export function readReceipt<Told extends string | undefined>(told: Told): Told | string {
  return told === undefined || told.includes('\0') ? told : (normalReceipt(told) ?? told)
}

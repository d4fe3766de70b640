import { parsePhone } from '@lango/daraja/phone'
import { isNothing, textOf } from './cell.ts'
import type { Cell } from './cell.ts'

/** The other side of a movement, as far as it is shown. All null where it is not: unknown, not ourselves. */
export type Party = {
  phone: string | null
  phone_masked: string | null
  phone_hash: string | null
  shortcode: string | null
  name: string | null
}

export const nobody: Party = { phone: null, phone_masked: null, phone_hash: null, shortcode: null, name: null }

/** A phone in full or masked, or a short code; blanks inside only where they are surely of the number. */
export const numberForm = String.raw`(?:\+?\d{2,6} ?\*{2,} ?\d{2,4}|\*{6,} ?\d{3,4}|\+?254 ?[17]\d{2} ?\d{3} ?\d{3}|0[17]\d{2}[ -]\d{3}[ -]\d{3}|\+?\d[\d*]{3,13}\d)`
const between = String.raw`[\s:,(\u2010-\u2015-]`
const atStart = new RegExp(`^(${numberForm})(?=${between}|$)`)
const atEnd = new RegExp(`(?:^|${between})(${numberForm})\\)?$`)
const hash = /^[0-9a-f]{64}$/i
const edges = new RegExp(`^${between}+|(?:${between}|\\))+$`, 'g')
const shortcodeForm = /^\d{5,7}$/
/** Other signs that stand for the digits of a masked number. */
const hidden = /(?<=\d)[xX#\u2022]{2,}(?=\d)/g

/**
 * Reads the other party as statements write it: `254712345678 - AMINA`, `2547*****126-AMINA`, `AMINA - 0712 345 678`,
 * `174379 - DUKA`, `KCB BANK`. What is not shown is null.
 */
export function readParty(cell: Cell): Party {
  const text = textOf(cell).replace(hidden, '**')
  if (isNothing(text)) return nobody
  if (hash.test(text)) return { ...nobody, phone_hash: text.toLowerCase() }
  const first = readNumber(text, atStart)
  // A number at the end is a person's, where that at the beginning may belong to the name of a shop.
  const last = first?.shortcode || !first ? readNumber(text, atEnd) : undefined
  const found = last && (!first || !last.shortcode) ? last : first
  return found ?? { ...nobody, name: nameOf(text) }
}

function readNumber(text: string, form: RegExp): Party | undefined {
  const match = form.exec(text)
  if (!match) return undefined
  const number = match[1]!
  const digits = number.replace(/[ -]/g, '')
  const rest = form === atStart ? text.slice(number.length) : text.slice(0, match.index)
  const shown = { ...nobody, name: nameOf(rest) }
  if (digits.includes('*')) return { ...shown, phone_masked: digits }
  if (shortcodeForm.test(digits)) return { ...shown, shortcode: digits }
  const phone = parsePhone(digits)
  return phone && { ...shown, phone }
}

function nameOf(text: string): string | null {
  // `AMINA (0712 345 678)` leaves one bracket of two.
  const name = text.replace(edges, '')
  return (name.includes('(') && text.trimEnd().endsWith(')') ? `${name})` : name) || null
}

import { isNothing, textOf } from './cell.ts'
import type { Cell } from './cell.ts'

/** What a cell for money says: cents, which may be below 0; nothing; or something that is no amount. */
export type MoneyCell = number | 'absent' | 'unreadable'

const currency = /^(?:kes|kshs?|shs?)\b\.?:? ?|^(?:kes|kshs?|shs?)(?=[\d(+-])/i
const shillingsOnly = /\/[=-]$/
const currencyAfter = / ?(?:kes|kshs?|shs?)\.?$/i
/** As nearly all are written. */
const usual = /^(\d{1,3}(?:,\d{3}){0,3}|\d{4,12})\.(\d\d)$/
const number = /^(?:(\d{1,3}(?:([ ,'])\d{3}(?:\2\d{3})*)?)|(\d{1,12}))?(?:\.(\d+))?$/

/**
 * Reads money as statements write it: `1,500.00`, `4 709`, `Ksh 100`, `50/=`, `(50.00)`, `50.00-`, `1,500.00 CR`. Nothing is
 * guessed: what has a fraction of a cent, groups that are not of three digits, or a decimal comma, is unreadable.
 */
export function readMoney(cell: Cell): MoneyCell {
  const plain = typeof cell === 'string' && usual.exec(cell)
  if (plain) return Number(plain[1]!.replaceAll(',', '')) * 100 + Number(plain[2])
  const text = textOf(cell).replace(/\p{Dash_Punctuation}|\u2212/gu, '-')
  // Excel writes nothing in the form for shillings as `KSh -`.
  if (isNothing(text.replace(currency, '')))
    return text === '' || isNothing(text) || text.endsWith('-') ? 'absent' : 'unreadable'
  const { rest, isBelow, signs } = readSign(text)
  const match = signs > 1 ? null : number.exec(rest)
  if (!match || rest === '') return 'unreadable'
  const whole = (match[1] ?? match[3] ?? '').replace(/\D/g, '')
  const decimals = (match[4] ?? '').padEnd(2, '0')
  // `1.500` is 1,500 where a full stop groups the thousands, and 1.50 where it begins the cents.
  const isAmbiguous = match[4]?.length === 3 && whole.length <= 3
  if (isAmbiguous || whole.length > 12 || (whole === '' && match[4] === undefined) || /[^0]/.test(decimals.slice(2)))
    return 'unreadable'
  const cents = Number(whole) * 100 + Number(decimals.slice(0, 2))
  return isBelow && cents > 0 ? -cents : cents
}

/** Takes currency and signs off, which stand in any order around a number. Two signs are one too many. */
function readSign(text: string): { rest: string; isBelow: boolean; signs: number } {
  const peel: [RegExp, isSign: boolean, isBelow: boolean][] = [
    [/^\((.+)\)$/, true, true],
    [/^- ?(.+)$/, true, true],
    [/^\+ ?(.+)$/, true, false],
    [/^(.+?) ?cr\.?$/i, true, false],
    [/^(.+?) ?dr\.?$/i, true, true],
  ]
  let rest = text
  let signs = 0
  let isBelow = false
  for (let before = ''; before !== rest;) {
    before = rest
    rest = rest.replace(currency, '').replace(shillingsOnly, '').replace(currencyAfter, '').trim()
    // After the shillings of `50/-`, a dash behind a number is a sign.
    const found =
      peel.find(([form]) => form.test(rest)) ?? (/^.+-$/.test(rest) ? ([/^(.+?) ?-$/, true, true] as const) : undefined)
    if (!found) continue
    rest = found[0].exec(rest)![1]!.trim()
    signs += 1
    isBelow = found[2]
  }
  return { rest, isBelow, signs }
}

import { asText } from './json.ts'

/** An amount as Daraja tells it, in shillings; `unreadable` where one is told that cannot be read, which is not the same as none. */
export type Shillings = number | 'unreadable'

const DECIMAL = /^-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$/
const CURRENCY = /^(?:KES|Ksh)\.?\s*/i
const JAVA_MAP_AMOUNT = /BasicAmount=(-?\d+(?:\.\d+)?)/

/**
 * Reads an amount in shillings in any of Daraja's ways to write one: `10`, `10.0`, `"10.00"`, and the printed Java map
 * `{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}`; and in those of whoever stands between: `"2,000.00"`,
 * `"KES 2000"`. `undefined` only where there is none; whatever else stands there, `null` and the empty string included, is
 * `unreadable`.
 */
export function readShillings(value: unknown): Shillings | undefined {
  if (value === undefined) return undefined
  const text = (asText(value) ?? '').trim().replace(CURRENCY, '')
  const digits = DECIMAL.test(text) ? text.replaceAll(',', '') : JAVA_MAP_AMOUNT.exec(text)?.[1]
  // A number such as 1e21 has no plain decimal form, and is no amount either.
  return digits === undefined ? 'unreadable' : Number(digits)
}

/** The same for an amount that is often left empty: a balance. */
export function readBalance(value: unknown): Shillings | undefined {
  return value === null || value === '' ? undefined : readShillings(value)
}

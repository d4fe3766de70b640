/**
 * An amount that Pesaflow wrote, in cents. `undefined` where it wrote none; `unreadable` where it wrote something that is
 * no amount, which must not pass for a missing one.
 */
export type ReadAmount = number | 'unreadable' | undefined

const WRITTEN = /^(?:(?:KES|KSHS?)\.?\s*)?(\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(\d{1,2})0*)?$/i

/**
 * Reads an amount in any of Pesaflow's ways to write one, as text or number: `"105.00"`, `"1"`, `105`, `"1,000.00"`.
 *
 * @example readAmount('105.00') // 10500
 */
export function readAmount(value: unknown): ReadAmount {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' && typeof value !== 'number') return 'unreadable'
  const [, whole, cents = ''] = WRITTEN.exec(String(value).trim()) ?? []
  return whole === undefined ? 'unreadable' : Number(whole.replaceAll(',', '')) * 100 + Number(cents.padEnd(2, '0'))
}

/**
 * Writes cents as Pesaflow hashes and takes them.
 *
 * @example writeAmount(10000) // '100.00'
 */
export function writeAmount(cents: number): string {
  return (cents / 100).toFixed(2)
}

import { asNumber } from './core/json.ts'

/** One account of an organisation. All amounts are shillings; `current` is `available` and `reserved` together. */
export type Balance = {
  /** `Working Account`, `Utility Account`, `Charges Paid Account` (never above 0), `Merchant Account`, … */
  name: string
  currency: string
  current: number
  available: number
  reserved: number
  uncleared: number
}

/**
 * Reads Safaricom's balance string: accounts joined by `&`, each `name|currency|current|available|reserved|uncleared`. The
 * portal's pages label the numbers in several orders; only this one agrees with the arithmetic of its samples. `undefined`
 * if any account cannot be read.
 *
 * @example parseBalances('Working Account|KES|346568.83|6186.83|340382.00|0.00')
 */
export function parseBalances(text: string): Balance[] | undefined {
  const accounts = text.split('&').map(readAccount)
  return accounts.every((account) => account !== undefined) ? accounts : undefined
}

function readAccount(text: string): Balance | undefined {
  const [name = '', currency = '', ...amounts] = text.split('|').map((field) => field.trim())
  const [current, available, reserved, uncleared] = amounts.map(asNumber)
  if (!name || current === undefined || available === undefined || reserved === undefined || uncleared === undefined)
    return undefined
  return { name, currency, current, available, reserved, uncleared }
}

/** What one of an account's pots holds. Shillings as decimal strings; the charges paid are below 0. */
export type Balance = {
  name: string
  currency: string
  current: string
  available: string
  reserved: string
  uncleared: string
}

/** What the provider answers: the balances and their time, or why there are none. */
export type BalanceAnswer = { balances: Balance[]; at?: Date } | { problem: string }

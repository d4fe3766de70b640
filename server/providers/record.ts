/** A part of the provider's records: a window of time, and how many records to skip. */
export type RecordQuery = { from: Date; until: Date; offset: number }
export type RecordPage = { kind: 'page'; records: ProviderRecord[] }

/** A statement of an account, oldest first. */
export type Statement = {
  /** Whose it is, where it says so. */
  shortcode: string | undefined
  records: ProviderRecord[]
  /** Lines that are no movement: what failed, sums. */
  ignored: number
}

/** One movement of an account's money, as the provider keeps it. */
export type ProviderRecord = {
  kind: 'payment' | 'reversal' | 'payout' | 'charge' | 'transfer'
  /** How a customer's money came, as far as the record says. */
  money: 'stk' | 'c2b' | 'other'
  direction: 'in' | 'out'
  receipt: string
  /** Null where the record names none that can be read. */
  amount_cents: number | null
  phone: string | null
  phone_masked: string | null
  phone_hash: string | null
  /** Another organisation's, where it was the other party. */
  shortcode: string | null
  payer_name: string | null
  reference: string | null
  /** In the provider's words. */
  type: string | null
  /** The movement that this one takes back, or belongs to. */
  linked_receipt: string | null
  at: Date | null
  /** Other moments that could be meant, where the provider leaves its time zone open. */
  at_or: Date[]
  raw: string
}

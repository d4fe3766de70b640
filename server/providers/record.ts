/** A part of the provider's records: a window of time, and how many records to skip. */
export type RecordQuery = { from: Date; until: Date; offset: number }
export type RecordPage = { kind: 'page'; records: ProviderRecord[] }

/** One movement of an account's money, as the provider keeps it. */
export type ProviderRecord = {
  /** Unknown where the record could not be read. */
  kind: 'payment' | 'reversal' | 'payout' | 'charge' | 'transfer' | 'unknown'
  /** How a customer's money came, as far as the record says. */
  money: 'stk' | 'c2b' | 'other'
  direction: 'in' | 'out' | null
  receipt: string | null
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
  /** Where it stands in the file that it comes from. */
  line: number | null
  /** Why it cannot be read: the line, the column and what stands there. */
  problem: string | null
  /** Its line stands in the statement before; or its receipt does, with another amount. */
  repeats?: 'line' | 'receipt'
  raw: string
}

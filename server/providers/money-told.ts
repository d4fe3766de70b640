/** Where a provider is to tell of money that customers send of their own accord, and what it does while nobody answers there. */
export type MoneyAddresses = { confirmation_url: string; validation_url: string; default_action: 'accept' | 'reject' }

/** Money of which a provider tells: that a customer wants to send it, or has sent it. */
export type MoneyTold = {
  receipt: string
  /** Null where it is told in a way that cannot be read. */
  amount_cents: number | null
  shortcode: string | undefined
  reference: string | null
  payer_name: string | null
  phone: string | null
  phone_masked: string | null
  phone_hash: string | null
  paid_at: Date | null
  /** True where the body itself says that the money has moved. */
  hasMoved: boolean
}

/** Why a customer's money is not wanted. */
export type Unwanted = 'unknown_reference' | 'wrong_amount' | 'wrong_shortcode' | 'unwanted'

/** What one piece of evidence says; null is nothing yet, or a source that is not trusted to say. */
export type Verdict = 'success' | 'failure' | null

/** Why a payment failed, in our words. `provider_code` beside it keeps the provider's own. */
export type FailureCode =
  | 'cancelled_by_payer'
  | 'wrong_pin'
  | 'insufficient_funds'
  | 'payer_unreachable'
  | 'prompt_expired'
  | 'limit_exceeded'
  | 'payer_busy'
  | 'refused'
  | 'provider_error'
  | 'expired'
  | 'no_evidence'

/** The amount that a provider tells, if any. One that is there and cannot be read is not a missing amount. */
export type AmountTold = { amount_cents?: number; amount_unreadable?: boolean }

/** What a provider says about a payment, without the words of who asked and when. */
export type PaymentFinding = AmountTold & {
  verdict: Verdict
  failure_code?: FailureCode
  message?: string
  provider_code?: string
  receipt?: string
  paid_at?: Date
  provider_ref?: string
  merchant_request_id?: string
  /**
   * All that was paid so far, where the provider lets a payment be paid in parts: then receipts that it told of add up, and are
   * believed up to this much.
   */
  paid_total_cents?: number
  /** True where the provider says that it waits for the payer: nothing has failed. */
  is_open?: boolean
  raw?: string
}

/** What a provider says about a refund. */
export type RefundFinding = AmountTold & {
  verdict: Verdict
  failure_code?: RefundFailureCode
  message?: string
  provider_code?: string
  /** The receipt of the money going back. */
  receipt?: string
  /** The receipt of the money that came. */
  original_receipt?: string
  /** When the money went back, by the provider's clock. */
  gone_at?: Date
  conversation_id?: string
  originator_conversation_id?: string
}

/** Why a refund failed, in our words. `provider_code` beside it keeps the provider's own. */
export type RefundFailureCode =
  | 'refused'
  | 'already_reversed'
  | 'not_reversible'
  | 'insufficient_funds'
  | 'account_inactive'
  | 'operator_not_permitted'
  | 'operator_invalid'
  | 'operator_locked'
  | 'product_missing'
  | 'provider_error'

/** What a provider says about a payout. */
export type PayoutFinding = AmountTold & {
  verdict: Verdict
  failure_code?: PayoutFailureCode
  message?: string
  provider_code?: string
  receipt?: string
  paid_at?: Date
  /** Who received it, as the provider names them. */
  receiver_name?: string
  conversation_id?: string
  originator_conversation_id?: string
}

/** Why a payout failed, in our words. `provider_code` beside it keeps the provider's own. */
export type PayoutFailureCode =
  | 'refused'
  | 'rejected'
  | 'insufficient_funds'
  | 'limit_exceeded'
  | 'receiver_full'
  | 'receiver_invalid'
  | 'account_inactive'
  | 'operator_not_permitted'
  | 'operator_invalid'
  | 'operator_locked'
  | 'product_missing'
  | 'provider_error'

/** A request to pay, on the screen of a phone. */
export type Prompt = {
  id: string
  msisdn: string
  amount: number
  shortcode: string
  account_reference: string
  checkout_request_id: string
  opened_at: string
  expires_at: string
}

/** How a prompt ends. A payer who ignores it lets it expire. */
export type Answer = { kind: 'pin'; pin: string } | { kind: 'cancelled' } | { kind: 'expired' }

/** What became of the payment, for whoever answered. */
export type Outcome = { result_code: number | string; result_desc: string; receipt: string | null }

/** How the latest prompt of a phone ended, and when. */
export type Answered = { kind: Answer['kind']; outcome: Outcome; at: string }

export type OpenPrompt = { prompt: Prompt; answer(answer: Answer): Outcome }

/** The provider took the request. Nothing is paid yet. */
export type Accepted = {
  kind: 'accepted'
  provider_ref: string
  merchant_request_id?: string
  /** The provider's own page, at which the payer pays. */
  checkout_url?: string
  /** What the provider takes on top, from the payer. */
  commission_cents?: number
  raw: string
}
/** Nothing was done, for one of these reasons: see `Refuser`. */
export type Refused = { kind: 'refused'; by: Refuser; code: string | undefined; message: string; raw: string }
/** Nobody knows whether the request arrived. It is never sent again, but where the provider tells that it is the same one. */
export type Unknown = { kind: 'unknown'; message: string; raw?: string }

/**
 * Who said no: the provider, or its gateway; the `network`, by which nothing could be sent; or `lango`, which does not send what
 * the provider is known to refuse.
 */
export type Refuser = 'provider' | 'network' | 'lango'

/** The provider took a request of which it tells the outcome later, by callback, under these ids. */
export type Acknowledged = {
  kind: 'accepted'
  originator_conversation_id: string
  conversation_id: string
  message: string
  raw: string
}

/** The provider knows the account now, or did before. */
export type Registered = { kind: 'registered'; wasRegistered: boolean }

/** The provider took the request. Nothing is paid yet. */
export type Accepted = { kind: 'accepted'; provider_ref: string; merchant_request_id?: string; raw: string }
/** The provider, or its gateway, said no: nothing was done. */
export type Refused = { kind: 'refused'; code: string; message: string; raw: string }
/** Nobody knows whether the request arrived. It is never sent again. */
export type Unknown = { kind: 'unknown'; message: string; raw?: string }

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

/**
 * How a call ended. Only `accepted` and `refused` are knowledge. After `unknown` the request may have been carried out,
 * so it must never be sent again: wait for its callback, or ask with a query.
 */
export type Outcome<Accepted> = ({ kind: 'accepted'; raw: string } & Accepted) | Refused | Unknown

/** Safaricom, or this client on its behalf, said no: nothing was carried out. */
export type Refused = {
  kind: 'refused'
  /** The HTTP status; `undefined` where no answer came because nothing was sent. */
  status: number | undefined
  /**
   * Safaricom's `errorCode`, or one of ours: `http_<status>` (a refusal without a code), `not_sent` (no connection),
   * `refused_locally` (Daraja would refuse this), `token_refused` and `token_unavailable` (no access token).
   */
  code: string
  /** Safaricom's words, or ours where it sent none. */
  message: string
  /** What a developer can do about it, where that is known. */
  advice: string | undefined
  /** The body exactly as it came, `''` where none did. It may repeat the access token that was refused. */
  raw: string
}

/** Nobody knows whether the request was carried out. */
export type Unknown = {
  kind: 'unknown'
  cause: 'timeout' | 'connection_lost' | 'server_error' | 'unreadable' | 'not_accepted'
  message: string
  status: number | undefined
  /** The body exactly as it came, `undefined` where none did. */
  raw: string | undefined
}

/** A refusal that needed no answer from Safaricom, because nothing was sent to the API. */
export function refusedUnsent(code: string, message: string, advice?: string): Refused {
  return { kind: 'refused', status: undefined, code, message, advice, raw: '' }
}

/**
 * How a call ended. Only `accepted` and `refused` are knowledge. After `unknown` the request may have been carried out: ask
 * for the payment's status, by your own reference, before you ask for the payment again.
 */
export type Outcome<Accepted> = ({ kind: 'accepted'; raw: string } & Accepted) | Refused | Unknown

/** Pesaflow, or this client on its behalf, said no: nothing was carried out. */
export type Refused = {
  kind: 'refused'
  /** The HTTP status; `undefined` where no answer came because nothing was sent. */
  status: number | undefined
  /**
   * Pesaflow has no codes, so these are ours: those of `REFUSALS`, `http_<status>` (a refusal in words that are not known),
   * `not_sent` (no connection), `refused_locally` (Pesaflow would refuse this), `token_refused` and `token_unavailable`.
   */
  code: string
  /** Pesaflow's words, or ours where it sent none. */
  message: string
  /** What a developer can do about it, where that is known. */
  advice: string | undefined
  /** The body exactly as it came, `''` where none did. It may repeat all that was sent, the payer's identity included. */
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

/** A refusal that needed no answer from Pesaflow, because nothing was sent to the API. */
export function refusedUnsent(code: string, message: string, advice?: string): Refused {
  return { kind: 'refused', status: undefined, code, message, advice, raw: '' }
}

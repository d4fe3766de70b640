/** A body that was posted to us, before anybody knows what it is. */
export type Arrival = {
  id: string
  at: Date
  /** Without the token that it may have carried. */
  path: string
  /** The last part of the path: what the provider meant it to be. */
  channel: string
  source_address: string
  isFromSafaricom: boolean
  headers: Record<string, string>
  body: Buffer
  /** Undefined when the body is not JSON. */
  json: unknown
}

/** A body that was posted to us, as whoever reads it needs it. */
export type Posted = {
  headers: Record<string, string>
  body: Buffer
  /** Undefined when the body is not JSON. */
  json: unknown
}

/** What a provider is answered, in its own words. */
export type ProviderReply = Record<string, string | number | undefined>

/**
 * What a signature says of a body: that its sender has a secret, or that it was not made by who has it; most bodies bear none, and
 * what is signed by a published secret proves nothing.
 */
export type Signature = 'valid' | 'wrong' | 'absent'

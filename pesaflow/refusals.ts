/** Where a fact is known from: traffic that was recorded, or reports of integrators. Pesaflow publishes no reference. */
export type Provenance = 'observed' | 'reported'

/** One way in which Pesaflow refuses at once. */
export type Refusal = {
  /** Ours: Pesaflow has words only. */
  code: string
  status: number
  /** What its words contain, in small letters. */
  words: string
  /** What a developer can do. */
  advice: string
  provenance: Provenance
}

/** The refusals that are known. Of several that fit, the first is the right one. Expect others. */
export const REFUSALS: readonly Refusal[] = [
  {
    code: 'already_paid',
    status: 422,
    words: 'already paid',
    advice: 'The bill with this reference is paid. Ask for its status instead of asking for the money again.',
    provenance: 'observed',
  },
  {
    code: 'invalid_hash',
    status: 422,
    words: 'hash',
    advice: 'The key and secret do not belong to this client number, or to this environment.',
    provenance: 'reported',
  },
  {
    code: 'invalid_fields',
    status: 422,
    words: 'invalid params',
    advice:
      'Pesaflow did not understand the request. Check that the service number belongs to this client number, and that both are of this environment.',
    provenance: 'observed',
  },
  {
    code: 'not_granted',
    status: 401,
    words: 'has not been granted',
    advice: 'This client may not use this API. Ask Pesaflow to grant it, or use the checkout, which needs no grant.',
    provenance: 'observed',
  },
  {
    code: 'not_found',
    status: 404,
    words: 'not found',
    advice: 'Pesaflow knows no bill of this client with this reference.',
    provenance: 'observed',
  },
]

/** Finds what a refusal means by its status and words. `undefined` if it is not known. */
export function findRefusal(status: number, message: string): Refusal | undefined {
  const said = message.toLowerCase()
  return REFUSALS.find((refusal) => refusal.status === status && said.includes(refusal.words))
}

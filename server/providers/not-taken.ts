import { Problem } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'
import type { Refused, Refuser, Unknown } from './outcome.ts'

const codes: Record<Refuser, ProblemCode> = {
  provider: 'provider_refused',
  network: 'provider_unavailable',
  lango: 'not_supported_in_environment',
}

/**
 * That a provider did not take a request, or that nobody knows. Who could not be reached has refused nothing. `again` says what
 * repeating it would do, where the outcome is not known.
 */
export function notTaken(outcome: Refused | Unknown, again: string): Problem {
  if (outcome.kind === 'refused') return new Problem(codes[outcome.by], outcome.message)
  return new Problem('provider_unavailable', `${outcome.message} ${again}`)
}

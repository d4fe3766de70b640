import type { Refused as DarajaRefused, Unknown as DarajaUnknown } from '@lango/daraja'
import type { Refused, Unknown } from '../outcome.ts'

/** A refusal, or not knowing, in Lango's shape: Safaricom's words with the advice that is known for them. */
export function notAccepted(outcome: DarajaRefused | DarajaUnknown): Refused | Unknown {
  if (outcome.kind === 'unknown') return { kind: 'unknown', message: outcome.message, raw: outcome.raw }
  const { code, message, advice, raw } = outcome
  return { kind: 'refused', code, message: advice ? `${message} (${advice})` : message, raw }
}

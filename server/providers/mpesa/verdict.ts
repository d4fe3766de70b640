import { isStillProcessing } from '@lango/daraja'
import type { Verdict } from '../finding.ts'

type Said<Failure> = { verdict: Verdict; provider_code: string; message: string; failure_code?: Failure }

/**
 * What the portal lists of results and leaves open what became of the money: 15, that the same request came before, and 100000000,
 * that it was kept to be sent on later.
 */
const openCodes = new Set(['15', '100000000'])

/**
 * Judges the result of an operator's request by its code, with failures in our words where they are known. Only 0 is success;
 * whatever else is final is a failure; that it is still under way, or came before, is neither.
 */
export function verdictBy<Failure extends string>(
  known: Record<string, [failure: Failure, message: string]>,
): (code: string, description: string) => Said<Failure | 'provider_error'> {
  const failures = new Map(Object.entries(known))
  return (code, description) => {
    if (code === '0') return { verdict: 'success', provider_code: code, message: description }
    if (isStillProcessing(code) || openCodes.has(code))
      return { verdict: null, provider_code: code, message: description }
    const [failure_code, message] = failures.get(code) ?? ['provider_error' as const, description]
    return { verdict: 'failure', provider_code: code, failure_code, message }
  }
}

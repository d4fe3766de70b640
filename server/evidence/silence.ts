import type { Arrival } from '../callbacks/arrival.ts'
import type { Context } from '../context.ts'
import { providerOf } from '../providers/provider-of.ts'

/**
 * True for a body that says no more than that the provider's queue gave up waiting: the request may be carried out all the
 * same. Success is success at whichever address it is posted.
 */
export function saysNothing(
  context: Context,
  arrival: Arrival,
  { verdict }: { verdict: 'success' | 'failure' | null },
): boolean {
  return (
    verdict !== 'success' &&
    (arrival.channel === 'timeout' || providerOf(context, arrival).callbacks.isTimeout(arrival))
  )
}

/** What such a body taught: no more than that it came. */
export const silence = {
  verdict: null,
  message: 'The request waited too long in the queue of M-PESA; it may be carried out all the same.',
} as const

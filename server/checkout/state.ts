import { later } from '../clock.ts'
import type { Attempt } from '../payments/attempts.ts'
import type { Payment } from '../payments/payment.ts'
import type { Checkout } from './checkout.ts'
import { isUnderWay } from './code.ts'
import type { Named } from './code.ts'
import type { Reason } from './reason.ts'

/** What the checkout of a payment is at: one page each. */
export type State = 'ask' | 'wait' | 'paid' | 'reversed' | 'failed' | 'expired' | 'unclear'

const slowMs = 120_000
/** Most prompts appear within seconds: who still waits after this long should know the other way. */
const promptMs = 45_000
const lateSuccessMs = 900_000
const retryMs = 24 * 3_600_000
const attemptsMax = 10

/** The page that a payment shows now. */
export function stateOf({ status, requested_at, failure_code }: Payment): State {
  switch (status) {
    case 'created':
    case 'pending':
      return requested_at ? 'wait' : 'ask'
    case 'completed':
      return 'paid'
    case 'reversed':
      return 'reversed'
    case 'failed':
      return failure_code === 'expired' ? 'expired' : failure_code === 'no_evidence' ? 'unclear' : 'failed'
  }
}

/**
 * True while the page of a payment may change by itself: what nobody was asked for may be paid by hand, and what has just failed
 * may still turn out to be paid.
 */
export function isLive({ payment, now, named }: Checkout): boolean {
  if (named && isUnderWay(named.answer)) return true
  switch (stateOf(payment)) {
    case 'ask':
    case 'wait':
      return true
    case 'paid':
      return payment.provider_receipt === null
    case 'failed':
      return payment.failed_at !== null && now < later(payment.failed_at, lateSuccessMs)
    default:
      return false
  }
}

/** True when there is nothing left to pay. */
export function isSettled({ status }: Payment): boolean {
  return status === 'completed' || status === 'reversed'
}

/** True when a browser without scripts asks for the page again by itself: never while somebody may be typing there. */
export function isReloaded(checkout: Checkout): boolean {
  const { payment, named } = checkout
  if (named) return isBeingFound(named)
  return stateOf(payment) !== 'ask' && isLive(checkout)
}

/** True while it is being found out what a code has paid. */
export function isBeingFound(named: Named | undefined): boolean {
  return named?.answer === 'asked' || named?.answer === 'waiting'
}

/** True when most payers would have answered by now, and M-Pesa told us. */
export function isSlow({ payment: { requested_at }, now }: Checkout): boolean {
  return requested_at !== null && later(requested_at, slowMs) <= now
}

/** True when a payer does better to pay by hand: the prompt did not come, may not come, or came to nothing before. */
export function isHandBetter({ payment: { requested_at, provider_outcome, retry_of }, now }: Checkout): boolean {
  if (requested_at === null) return retry_of !== null
  return provider_outcome === 'unknown' || later(requested_at, promptMs) <= now
}

const reasons = new Map(
  Object.entries<Reason>({
    '8': 'shop_full',
    '17': 'asked_before',
    '2006': 'not_allowed',
    '8006': 'pin_locked',
    E3008: 'not_allowed',
  }),
)

/** Why a payment failed. */
export function reasonOf({ failure_code, failure_provider_code }: Payment): Reason {
  return reasons.get(failure_provider_code ?? '') ?? ((failure_code ?? 'provider_error') as Reason)
}

/** Reasons after which M-Pesa has been seen to report a success all the same, or after which nobody can be sure. */
const uncertain: Reason[] = ['payer_unreachable', 'prompt_expired', 'provider_error', 'asked_before']

/** True when a failure proves that no money moved. */
export function isNothingTaken(reason: Reason): boolean {
  return !uncertain.includes(reason)
}

/** True while a failed payment may be tried again: for a day, and not without end. */
export function mayRetry({ payment, attempts, now }: Checkout): boolean {
  const { failed_at } = payment
  const isRecent = failed_at !== null && now < later(failed_at, retryMs)
  return stateOf(payment) === 'failed' && isRecent && attempts.length < attemptsMax
}

/** Of all attempts to collect the same money, the one to show: this one if it was paid, else the one that was, else the latest. */
export function attemptToShow({ payment, attempts }: Checkout): Attempt {
  const isSettled = payment.status === 'completed' || payment.status === 'reversed'
  const paid = attempts.find(({ status }) => status === 'completed')
  return isSettled ? payment : (paid ?? attempts.at(-1) ?? payment)
}

import { later } from '../clock.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** How long after each failed attempt the next one follows. After the last, the delivery has failed. Source: standardwebhooks.com. */
const retryDelaysMs = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]

/** At most this much later, so that what failed together does not return together. */
const jitterMax = 0.1

const retryAfterMsMax = 24 * hour

/**
 * When to try again after failed attempt number `attempt`, the first being 1; undefined when that was the last.
 * Never before the schedule, and never before what the merchant asked for by `Retry-After`, up to a day.
 * @param random from 0 to 1: where in the jitter it falls.
 */
export function nextAttemptAt(
  attempt: number,
  at: Date,
  { retryAfter, random = Math.random() }: { retryAfter?: string | undefined; random?: number } = {},
): Date | undefined {
  const delayMs = retryDelaysMs[attempt - 1]
  if (delayMs === undefined) return undefined
  const askedMs = Math.min(readRetryAfterMs(retryAfter, at), retryAfterMsMax)
  return later(at, Math.round(Math.max(delayMs, askedMs) * (1 + jitterMax * random)))
}

/** Reads `Retry-After`, which is a number of seconds or a date; 0 for anything else. */
function readRetryAfterMs(text: string | undefined, at: Date): number {
  if (!text) return 0
  if (/^\d{1,9}$/.test(text)) return Number(text) * second
  const date = Date.parse(text)
  return Number.isNaN(date) ? 0 : Math.max(0, date - at.getTime())
}

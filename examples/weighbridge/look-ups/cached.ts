import type { Now } from '../clock.ts'
import type { Finding, LookUp } from './look-ups.ts'

export type CacheOptions = {
  /** How long an answer counts as new. */
  freshMs: number
  /** How long an answer is waited for. */
  patienceMs?: number
  now: Now
}

type Kept = { finding: Finding; at: number }

/** Keeps what a register said. Where it says nothing, what it said before counts, with its age; else nobody knows. */
export function cached(ask: (asked: string, signal: AbortSignal) => Promise<Finding>, options: CacheOptions): LookUp {
  const { freshMs, patienceMs = 3000, now } = options
  const kept = new Map<string, Kept>()
  const answer = ({ finding, at }: Kept) =>
    ({ kind: 'known', ...finding, age_minutes: Math.floor((now().getTime() - at) / 60_000) }) as const
  return async (asked) => {
    const before = kept.get(asked)
    if (before && now().getTime() - before.at < freshMs) return answer(before)
    try {
      const finding = await ask(asked, AbortSignal.timeout(patienceMs))
      const found = { finding, at: now().getTime() }
      kept.set(asked, found)
      return answer(found)
    } catch (error) {
      return before ? answer(before) : { kind: 'unknown', why: (error as Error).message }
    }
  }
}

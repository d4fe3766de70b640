import { later } from '../clock.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'

/** After this long without an outcome, the process that asked the provider counts as dead. */
const outcomeDueMs = 60_000

/** By then most payers have answered, and most callbacks and results have come. */
export const firstCheckMs = 75_000

/** After this long a receipt that did not come with the success is sought. */
export const firstSeekMs = 60_000

/** At least so long between two questions about the same request. */
export const pauseMs = 10_000

/** How long the provider itself still knows: what it has not told by then, a person must look up. */
export const windowMs = 48 * 3_600_000

/** When a request whose outcome was never stored becomes one that nobody knows of. */
export function outcomeDueAt(requestedAt: Date): Date {
  return later(requestedAt, outcomeDueMs)
}

/** When a request is first asked about. */
export function firstCheckAt(answeredAt: Date): Date {
  return later(answeredAt, firstCheckMs)
}

/** So long, in SQL. */
export function interval(ms: number): Sql {
  return raw(`interval '${ms / 1_000} seconds'`)
}

/** When a request is to be asked about that should be at once, in SQL over its row: not sooner than may be asked again. */
export function hastened(now: Date): Sql {
  return sql`least(check_at, greatest(${now}, checked_at + ${interval(pauseMs)}))`
}

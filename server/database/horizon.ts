import { later, stopwatch } from '../clock.ts'
import type { Context } from '../context.ts'
import { raw, sql } from './sql.ts'

/** The rows of a table that are work from the moment on that stands in a column of theirs. */
export type Queue = { table: string; column: string }

/** Before anything is due. */
export const always = new Date(0)

/** Another node's clock may be behind, and what it writes be committed late. Whatever was missed is found when the horizon is next sought. */
const marginMs = 10_000
const everyMs = 5_000
/** What part of the time may be spent on seeking it. */
const shareMax = 0.05

/**
 * Answers since when rows of a queue can be due. What is done stays in the index of what is due for as long as an older transaction,
 * that of a backup for example, might still see it: a look from the beginning would pass over all of it, each time. So only the
 * horizon is sought from there, now and then.
 */
export function createHorizon({ table, column }: Queue): (context: Context) => Promise<Date> {
  const oldest = sql.named`select min(${raw(column)}) as oldest from ${raw(table)}`
  let horizon = always
  let agoMs = stopwatch()
  let restMs = 0
  return async ({ database, clock }) => {
    if (agoMs() < restMs) return horizon
    const tookMs = stopwatch()
    const now = clock.now()
    const { oldest: first } = await database.one<{ oldest: Date | null }>(oldest)
    horizon = later(first !== null && first < now ? first : now, -marginMs)
    restMs = Math.max(everyMs, tookMs() / shareMax)
    agoMs = stopwatch()
    return horizon
  }
}

import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { concurrently } from './concurrently.ts'
import { isAway } from './outage.ts'
import { raw, sql } from './sql.ts'

const pauseMs = 5 * 60_000

/** A row that is due, of a merchant; with an id, where it is not the only one of theirs. */
type Row = { merchant_id: string; id?: string }

/** How the rows are worked through: one after the other, unless more `atOnce`. */
type Way = {
  table: string
  /** The column that says when a row is due, where claiming it has not moved that. */
  due?: string
  /** The column of what is named `id` here. */
  id?: string
  atOnce?: number
}

/**
 * Does the work of each row, and answers for how many it was done. A row whose work throws holds up none behind it: it is told in the
 * log, by its id, and is due again in five minutes. That the database is away is no fault of a row, and is thrown.
 */
export async function eachDue<Due extends Row>(
  context: Context,
  rows: Due[],
  { table, due, id: column = 'id', atOnce = 1 }: Way,
  work: (row: Due) => Promise<unknown>,
): Promise<number> {
  let done = 0
  await concurrently(rows, atOnce, async (row) => {
    try {
      await work(row)
      done++
    } catch (error) {
      const { merchant_id, id } = row
      if (due !== undefined)
        await context.database.query(sql`
          update ${raw(table)} set ${raw(due)} = ${later(context.clock.now(), pauseMs)}
          where merchant_id = ${merchant_id} and ${raw(column)} = ${id} and ${raw(due)} <= ${context.clock.now()}`)
      else if (isAway(error)) throw error
      context.log.error({ error, table, merchant_id, id }, 'What was due failed, and is put off; the rest goes on.')
    }
  })
  return done
}

import type { Context } from '../context.ts'
import { settleByHalves } from './halves.ts'
import { putOff } from './put-off.ts'
import type { DueRow, Place } from './put-off.ts'

/**
 * Does the work of all rows in one go, which must be safe to repeat, and answers for how many it was done. A row that PostgreSQL
 * refuses holds up none of the others: it is sought by halves, and put off.
 * @throws when the database is away.
 */
export async function allDue<Due extends DueRow>(
  context: Context,
  rows: Due[],
  place: Place,
  work: (rows: Due[]) => Promise<unknown>,
): Promise<number> {
  if (rows.length === 0) return 0
  const done = await settleByHalves(context, rows, {
    run: async (some) => {
      await work(some)
      return some
    },
    setAside: async (row, error) => {
      await putOff(context, row, place, error)
      return []
    },
  })
  return done.length
}

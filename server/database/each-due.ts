import type { Context } from '../context.ts'
import { concurrently } from './concurrently.ts'
import { putOff } from './put-off.ts'
import type { DueRow, Place } from './put-off.ts'

/**
 * Does the work of each row, one after the other unless more `atOnce`, and answers for how many it was done. A row whose work throws
 * holds up none behind it: it is put off.
 * @throws when the database is away.
 */
export async function eachDue<Due extends DueRow>(
  context: Context,
  rows: Due[],
  { atOnce = 1, ...place }: Place & { atOnce?: number },
  work: (row: Due) => Promise<unknown>,
): Promise<number> {
  let done = 0
  await concurrently(rows, atOnce, async (row) => {
    try {
      await work(row)
      done++
    } catch (error) {
      await putOff(context, row, place, error)
    }
  })
  return done
}

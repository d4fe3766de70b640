import type { Context } from '../context.ts'
import { concurrently } from '../database/concurrently.ts'
import { partitionsBefore } from '../database/partitions.ts'
import { raw, sql } from '../database/sql.ts'

/** Nobody waits long for a table to be dropped: what is in use is dropped another time. */
const patienceMs = 2_000

/**
 * Drops the months of callbacks that are older than the installation keeps them, and answers how many. A month in which one still
 * waits to be acted on, or for a person to look, stays; one that is in use stays until another time. Money, evidence and events stay in any case. A sweep.
 */
export async function forgetOldCallbacks({ database, clock, config }: Context): Promise<number> {
  if (config.callbacksKeptMonths === undefined) return 0
  const now = clock.now()
  const oldest = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - config.callbacksKeptMonths))
  let dropped = 0
  await concurrently(await partitionsBefore(database, 'callbacks', oldest), 1, async (partition) => {
    const { waits } = await database.one<{ waits: boolean }>(sql`
      select exists (select 1 from ${raw(partition)}
        where settle_at is not null or (problem is not null and looked_at is null)) as waits`)
    if (waits) return
    await database.transaction(async (transaction) => {
      await transaction.query(raw(`set local lock_timeout = ${patienceMs}`))
      await transaction.query(raw(`drop table ${partition}`))
    })
    dropped++
  })
  return dropped
}

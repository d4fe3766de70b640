import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'

/** The last day up to which all days of a merchant are added up; null where none is. */
export async function findSummedUntil({ database }: Context, merchant_id: string): Promise<string | null> {
  const row = await database.maybe<{ day: string | null }>(
    sql`select summed_until::text as day from day_progress where merchant_id = ${merchant_id}`,
  )
  return row?.day ?? null
}

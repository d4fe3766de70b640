import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { disablePayouts } from './enable.ts'

/** Ends payouts for every merchant who has them, until somebody enables them again. Answers the merchants' names. */
export async function holdPayouts(context: Context): Promise<string[]> {
  const merchants = await context.database.query<{ id: string; name: string }>(
    sql`select id, name from merchants where payouts_enabled and deleted_at is null order by name`,
  )
  for (const { id } of merchants) await disablePayouts(context, id)
  return merchants.map(({ name }) => name)
}

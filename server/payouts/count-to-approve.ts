import type { Mode } from '../access/key.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'

/** As far as anybody counts. */
const countMax = 1_000

/** How many payouts, and batches of them, wait for this person to approve: what they asked for themselves waits for somebody else. */
export async function countToApprove(
  { database }: Context,
  { merchant_id, mode, person }: { merchant_id: string; mode: Mode; person: string },
): Promise<number> {
  const { count } = await database.one<{ count: number }>(sql`
    select count(distinct coalesce(batch_id, id))::int as count from (
      select batch_id, id from payouts
      where merchant_id = ${merchant_id} and status = 'awaiting_approval' and person <> ${person}
        and (environment = 'live') = ${mode === 'live'}
      limit ${countMax}) waiting`)
  return count
}

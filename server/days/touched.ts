import { later } from '../clock.ts'
import { boundsOf, dayAfter } from '../day.ts'
import { sql } from '../database/sql.ts'
import type { Queryable, Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'

/** No statement takes so long between making the id of what it tells and committing it, and no clock of a node is so far off. */
const slackMs = 3_600_000

/** The day in Nairobi at which an id was made, in SQL. */
const dayOfId = (id: Sql) =>
  sql`(to_timestamp(('x' || left(replace(${id}::text, '-', ''), 12))::bit(48)::bigint / 1000.0) at time zone 'Africa/Nairobi')::date::text`

/**
 * The days until a last one of which something counts otherwise than before, since a moment. Each change of a payment's status has
 * one event, whose id tells when, and whose subject's id tells of which day; but one that takes over the money of another is told of
 * in its evidence alone. What goes back counts on the day of its money.
 */
export async function findTouched(
  database: Queryable,
  { merchant_id, since, last }: { merchant_id: string; since: Date; last: string },
): Promise<string[]> {
  const from = firstIdOf(later(since, -slackMs))
  const until = firstIdOf(boundsOf(dayAfter(last)).from)
  const touched = await database.query<{ day: string }>(sql`
    select distinct ${dayOfId(sql`id`)} as day from (
      select subject_id as id from events
      where merchant_id = ${merchant_id} and id >= ${from} and type like 'payment.%'
      union all
      select subject_id from evidence
      where merchant_id = ${merchant_id} and id >= ${from} and effect = 'took_over'
      union all
      select m.id from events e
      join refunds r on r.merchant_id = e.merchant_id and r.id = e.subject_id
      join money_in m on m.merchant_id = r.merchant_id and m.provider = r.provider and m.environment = r.environment
        and m.receipt = r.payment_receipt
      where e.merchant_id = ${merchant_id} and e.id >= ${from} and e.type like 'refund.%'
    ) as touched where id < ${until}`)
  return touched.map(({ day }) => day)
}

import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { showing, withReason } from '../evidence/attention.ts'

/**
 * The attempts to collect the same money as one payment does, itself among them: what it tries again, and what tried it again.
 * A query of `id`, `status` and `needs_attention`. A payment is tried again once, so that the attempts stand in one line.
 */
export function attemptsAt(merchant_id: Sql, id: Sql): Sql {
  return sql`
    with recursive earlier as (
      select id, status, needs_attention, retry_of from payments where merchant_id = ${merchant_id} and id = ${id}
      union all
      select a.id, a.status, a.needs_attention, a.retry_of from payments a join earlier e on a.id = e.retry_of
      where a.merchant_id = ${merchant_id}
    ), later as (
      select id, status, needs_attention from payments where merchant_id = ${merchant_id} and retry_of = ${id}
      union all
      select a.id, a.status, a.needs_attention from payments a join later l on a.retry_of = l.id where a.merchant_id = ${merchant_id}
    )
    select id, status, needs_attention from earlier union all select id, status, needs_attention from later`
}

/** A payment that is one of several attempts. */
type Paid = { merchant_id: string; payment_id: string }

/**
 * Shows a person each order of these payments that was paid by two attempts at the same moment, so that neither could see the
 * other: the later attempt is flagged. Safe to repeat.
 */
export async function flagPaidTwice(context: Context, paid: Paid[]): Promise<void> {
  await context.database.query(sql`
    update payments p ${showing('p', withReason('p', sql`'paid_twice'`), context.clock.now())}
    from ${rows(paid, 'a', { merchant_id: 'uuid', payment_id: 'uuid' })}
    cross join lateral (
      select (array_agg(id order by id desc))[1] as last from (${attemptsAt(sql`a.merchant_id`, sql`a.payment_id`)}) o
      where status = 'completed' having count(*) > 1 and not coalesce(bool_or('paid_twice' = any (needs_attention)), false)
    ) twice
    where p.merchant_id = a.merchant_id and p.id = twice.last`)
}

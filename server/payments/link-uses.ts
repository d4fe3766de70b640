import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { PaymentIntent } from './intent.ts'

/**
 * The uses that payments take as they begin, in the statement that makes them, `claimed` before it. A link that takes so many
 * payments counts those that began, so that its last use is taken once, whoever comes at the same moment.
 */
export function usesOf(intents: PaymentIntent[]): Sql {
  const uses = intents.flatMap(({ id, input: { merchant_id, link_id } }) =>
    link_id ? [{ merchant_id, id, link_id }] : [],
  )
  return sql`
    update payment_links l set uses_begun = l.uses_begun + 1
    from ${rows(uses, 'u', { merchant_id: 'uuid', id: 'uuid', link_id: 'uuid' })}
    where l.merchant_id = u.merchant_id and l.id = u.link_id and u.id in (select object_id from claimed)
      and l.uses_begun < l.uses_max
    returning u.id`
}

/** True for a payment `v` that no link counts, or that has its use of one. */
export const hasUse = sql`v.link_id is null or v.id in (select id from used)
  or exists (select from payment_links l where l.merchant_id = v.merchant_id and l.id = v.link_id and l.uses_max is null)`

/** A payer who was to pay by hand and did not has left: their place is kept no longer. */
const byHandMs = 30 * 60_000

/**
 * Counts the uses of a link anew, without the payments that failed or that nobody came back to, and answers whether one is free. Nothing begins there
 * meanwhile: whoever begins changes the same row.
 */
export function countUsesAnew(
  { database, clock }: Context,
  { merchant_id, id }: { merchant_id: string; id: string },
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    await transaction.query(
      sql`select 1 from payment_links where merchant_id = ${merchant_id} and id = ${id} for update`,
    )
    const free = await transaction.maybe(sql`
      update payment_links l set uses_begun = least(l.uses_max, c.count)
      from (select count(*)::int as count from payments where merchant_id = ${merchant_id} and link_id = ${id} and status <> 'failed'
        and (status <> 'created' or requested_at is not null or created_at > ${later(clock.now(), -byHandMs)})) c
      where l.merchant_id = ${merchant_id} and l.id = ${id} and l.uses_max is not null
      returning l.uses_begun < l.uses_max as is_free`)
    return free === undefined || (free as { is_free: boolean }).is_free
  })
}

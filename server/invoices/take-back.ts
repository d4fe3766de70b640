import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId } from '../id.ts'
import { invoicesMoved } from './change.ts'

/** A payment of which less is left than was put to invoices. */
export type Lessened = { merchant_id: string; payment_id: string }

/**
 * Takes back from invoices what their payments no longer have, in the transaction that gave it back to the payers: first what is
 * credit, then what was put last. The payments are locked by that transaction, so that what is read of them here is so.
 * Safe to repeat.
 */
export async function takeBack(
  { clock, signals }: Pick<Context, 'clock' | 'signals'>,
  transaction: Transaction,
  lessened: Lessened[],
): Promise<void> {
  const distinct = [...new Map(lessened.map((one) => [one.merchant_id + one.payment_id, one])).values()]
  const payments = rows(distinct, 'n', { merchant_id: 'uuid', payment_id: 'uuid' })
  const put = await transaction.query<Lessened & { invoice_id: string }>(sql`
    select a.merchant_id, a.payment_id, a.invoice_id from ${payments} join allocations a using (merchant_id, payment_id)`)
  if (put.length === 0) return
  const now = clock.now()
  const events = put.map(({ merchant_id, invoice_id }) => ({ merchant_id, invoice_id, event_id: newId(now) }))
  const changed = await transaction.query<{ id: string }>(sql`
    with kept as (
      select a.*, greatest(0, least(a.amount_cents, p.allocated_cents - coalesce(sum(a.amount_cents) over (
        partition by a.merchant_id, a.payment_id
        order by i.status = 'void', i.paid_cents > i.total_cents, a.created_at, a.invoice_id
        rows between unbounded preceding and 1 preceding), 0))) as kept_cents
      from ${payments} join allocations a using (merchant_id, payment_id)
      join payments p on p.merchant_id = a.merchant_id and p.id = a.payment_id
      join invoices i on i.merchant_id = a.merchant_id and i.id = a.invoice_id
    ),
    taken as (
      update allocations a set amount_cents = k.kept_cents, updated_at = ${now}
      from kept k
      where a.merchant_id = k.merchant_id and a.payment_id = k.payment_id and a.invoice_id = k.invoice_id
        and k.kept_cents < k.amount_cents
      returning a.merchant_id, a.invoice_id, k.kept_cents - k.amount_cents as cents
    ),
    ${invoicesMoved(sql`
      select t.merchant_id, t.invoice_id, sum(t.cents)::bigint as cents, ${now}::timestamptz as at, (select e.event_id
        from ${rows(events, 'e', { merchant_id: 'uuid', invoice_id: 'uuid', event_id: 'uuid' })}
        where e.merchant_id = t.merchant_id and e.invoice_id = t.invoice_id limit 1) as event_id
      from taken t group by t.merchant_id, t.invoice_id order by t.merchant_id, t.invoice_id`)}
    select id from invoiced`)
  for (const { id } of changed) signals.changed(id)
}

import { set } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { tell } from '../events/tell.ts'
import { invoiceNews } from './event.ts'
import type { Invoice } from './invoice.ts'

/**
 * What becomes of invoices by what is put to them or taken back, and its events: two parts of the statement that does so. Both
 * reckon from the invoice's own columns, which PostgreSQL reads again after waiting for another payment of the same invoice.
 * @param moved a query, in SQL, of one row for each invoice: `merchant_id, invoice_id, cents, event_id, at`
 */
export function invoicesMoved(moved: Sql): Sql {
  return invoicesChanged(changes, moved)
}

/** The same for what was paid elsewhere, which is no money of any payment. */
export function invoicesMovedOutside(moved: Sql): Sql {
  return invoicesChanged(changesOutside, moved)
}

function invoicesChanged(by: Sql, moved: Sql): Sql {
  return sql`
    invoiced as (
      update invoices i ${by}
      from (${moved}) m
      where i.merchant_id = m.merchant_id and i.id = m.invoice_id and m.cents <> 0
      returning i.*, m.event_id, m.at, m.cents < 0 and i.paid_cents < i.total_cents as is_reopened
    ),
    ${told}`
}

const columns = {
  paid_cents: sql`paid`,
  status: sql`case when i.status = 'void' then 'void' when paid = 0 then 'open' when paid < i.total_cents then 'part_paid'
      when paid = i.total_cents then 'paid' else 'overpaid' end`,
  version: sql`i.version + (i.status <> 'void')::int`,
  paid_at: sql`case when paid >= i.total_cents then coalesce(i.paid_at, m.at) end`,
  updated_at: sql`m.at`,
}

const decided = sql`from (select i.paid_cents + m.cents as paid offset 0) as decided`

const changes = set<Invoice>(columns, decided)

const changesOutside = set<Invoice>({ ...columns, outside_cents: sql`i.outside_cents + m.cents` }, decided)

// What is put to a void invoice is its payment's news, and a person's.
const told = tell({
  noun: 'invoice',
  happened: sql`case when s.is_reopened then 'reopened' else s.status end`,
  from: sql`invoiced s cross join lateral (select s.event_id, s.at) f where s.status <> 'void'`,
  data: invoiceNews,
})

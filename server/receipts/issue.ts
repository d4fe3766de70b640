import { formatNairobi } from '@lango/daraja'
import type { Context } from '../context.ts'
import { allDue } from '../database/all-due.ts'
import { columns, rows } from '../database/columns.ts'
import type { Sweep } from '../database/due.ts'
import { always } from '../database/horizon.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { tell } from '../events/tell.ts'
import { newId } from '../id.ts'
import { receiptNews } from './event.ts'
import { newLinkKey } from './link.ts'
import type { Receipt } from './receipt.ts'

const batchSize = 200

/**
 * Issues the receipts of payments that are completed. Each has the next number of its merchant, kind of money and year in Nairobi:
 * whoever gives numbers holds the last one until theirs are written down, so that there is no gap and no double, whatever breaks and
 * however many nodes do it.
 */
export const issueReceipts: Sweep = {
  name: 'issue',
  everyMs: 1_000,
  queue: { table: 'payments', column: 'issue_at' },
  atMost: batchSize,
  async run(context, since = always) {
    const issued = await context.database.eachPart((database) => issueIn({ ...context, database }, since))
    return issued.reduce((sum, count) => sum + count, 0)
  },
}

async function issueIn(context: Context, since: Date): Promise<number> {
  const due = await findDue(context, since)
  if (due.length === 0) return 0
  const issued = await allDue(context, due, { table: 'payments', due: 'issue_at' }, (some) => issue(context, some))
  context.signals.wake('deliveries')
  return issued
}

type Due = { merchant_id: string; id: string }

function findDue({ database, clock }: Context, since: Date): Promise<Due[]> {
  return database.query<Due>(sql.named`
    select merchant_id, id from payments where issue_at between ${since} and ${clock.now()}
    order by issue_at, id limit ${batchSize}`)
}

async function issue(context: Context, due: Due[]): Promise<void> {
  const now = context.clock.now()
  await context.database.query(sql.named`
    with ready as (select * from ${readyReceipts(now, due)}),
    claimed as (${claimed(now)}),
    taken as (${taken}),
    fresh as (${fresh}),
    counted as (${counted(Number(formatNairobi(now, 'yyyy')))}),
    issued as (${issued(now)}),
    ${told}
    select from claimed`)
}

/** What each may need that only this process can make; what is not needed is thrown away, for it is no number. */
function readyReceipts(now: Date, due: Due[]): Sql {
  const ready = due.map(({ merchant_id, id }) => ({
    merchant_id,
    payment_id: id,
    id: newId(now),
    event_id: newId(now),
    link_key: newLinkKey(),
    at: now,
  }))
  return rows(ready, 'r', {
    merchant_id: 'uuid',
    payment_id: 'uuid',
    id: 'uuid',
    event_id: 'uuid',
    link_key: 'text',
    at: 'timestamptz',
  })
}

/** The receipt of the payment that was made of the same money when it came by itself. */
const ofFolded = sql`(select r.id from payments m join receipts r on r.merchant_id = m.merchant_id and r.payment_id = m.id
  where m.merchant_id = p.merchant_id and m.folded_into = p.id limit 1)`

const claimed = (now: Date): Sql => sql`
  update payments p set issue_at = null,
    receipt_id = case when p.folded_into is null then coalesce(p.receipt_id, ${ofFolded}, ready.id) end
  from ready
  where p.merchant_id = ready.merchant_id and p.id = ready.payment_id and p.issue_at <= ${now} -- Asked again: another node may have been faster.
  returning p.*, ready.id as ready_id, ready.link_key`

const taken = sql`
  update receipts r set payment_id = c.id from claimed c
  where r.merchant_id = c.merchant_id and r.id = c.receipt_id and c.receipt_id <> c.ready_id and r.payment_id <> c.id`

/** Which of a batch need a number, and the how-manieth of their merchant each is. */
const fresh = sql`
  select c.*, c.kind as mode, c.amount_cents + c.commission_cents as received,
    count(*) over (partition by c.merchant_id, c.kind) as of_all,
    row_number() over (partition by c.merchant_id, c.kind order by c.completed_at, c.id) as nth
  from (select claimed.*, case environment when 'live' then 'live' else 'test' end as kind from claimed) c
  where c.receipt_id = c.ready_id`

const counted = (year: number): Sql => sql`
  insert into receipt_numbers as n ${columns<{ merchant_id: string; mode: string; year: number; last_number: number }>({
    merchant_id: sql`merchant_id`,
    mode: sql`mode`,
    year: sql`${year}::int`,
    last_number: sql`count(*)::int`,
  })}
  from fresh group by merchant_id, mode order by merchant_id, mode
  on conflict (merchant_id, mode, year) do update set last_number = n.last_number + excluded.last_number
  returning *`

const parts = sql`(
  select coalesce(jsonb_agg(jsonb_build_object('invoice_id', i.id, 'reference', i.reference, 'amount_cents', a.amount_cents,
      'tax_cents', round(i.tax_cents::numeric * a.amount_cents / i.total_cents)) order by i.id), '[]') as invoices,
    coalesce(sum(least(a.amount_cents, round(i.tax_cents::numeric * a.amount_cents / i.total_cents))), 0)::bigint as tax_cents
  from allocations a join invoices i on i.merchant_id = a.merchant_id and i.id = a.invoice_id
  where a.merchant_id = f.merchant_id and a.payment_id = f.id and a.amount_cents > 0)`

/** What is paid without an invoice has the merchant's VAT inside. */
const taxInside = sql`round(f.received::numeric * coalesce(m.vat_rate_points, 0) / (10000 + coalesce(m.vat_rate_points, 0)))::bigint`

const issued = (now: Date): Sql => sql`
  insert into receipts ${columns<Omit<Receipt, 'previous_number'>>({
    merchant_id: sql`f.merchant_id`,
    id: sql`f.receipt_id`,
    payment_id: sql`f.id`,
    environment: sql`f.environment`,
    mode: sql`f.mode`,
    year: sql`n.year`,
    number: sql`n.last_number - f.of_all + f.nth`,
    amount_cents: sql`f.received`,
    tax_cents: sql`case when b.invoices = '[]' then ${taxInside} else least(b.tax_cents, f.received) end`,
    issuer: sql`jsonb_build_object('name', m.name, 'tax_pin', m.tax_pin, 'vat_rate_points', m.vat_rate_points,
      'address', m.address, 'email', m.email)`,
    invoices: sql`b.invoices`,
    link_key: sql`f.link_key`,
    issued_at: now,
    mail_at: sql`case when f.payer_email is not null then ${now}::timestamptz end`,
  })}
  from fresh f
  join counted n on n.merchant_id = f.merchant_id and n.mode = f.mode
  join merchants m on m.id = f.merchant_id
  cross join lateral ${parts} b
  order by f.merchant_id, f.mode, f.nth
  returning *`

const told = tell({
  noun: 'receipt',
  happened: sql`'issued'`,
  from: sql`(select issued.*, 1 as version from issued) s
    join ready r on r.id = s.id cross join lateral (select r.event_id, r.at) f
    join fresh p on p.merchant_id = s.merchant_id and p.id = s.payment_id`,
  data: receiptNews,
})

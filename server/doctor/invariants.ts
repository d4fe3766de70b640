import type { Context } from '../context.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { takes } from '../events/event-pattern.ts'
import { showId } from '../id.ts'
import type { Prefix } from '../id.ts'
import { findChanged, findExamined, keepExamined } from './examined.ts'
import { finding, findingOf } from './finding.ts'
import type { Finding } from './finding.ts'
import { judge } from './slices.ts'
import type { Judged, Range } from './slices.ts'

/** What must hold for each row of a table. `broken` is SQL over `s`, one of its rows, and what stands beside it, true where it does not hold. */
type Invariant = { name: string; broken: Sql; advice: string }

type Table = Omit<Judged, 'broken'> & {
  prefix: Prefix
  invariants: Invariant[]
  /** Select of the `merchant_id` and `id` of all rows that were made since an id, or of which something was told or learnt since. */
  changed: (since: Sql) => Sql
}

const askForHelp = 'This must never be. Keep the evidence: back up the database, and report it.'

/** How many events each row has, from which version to which, and what the last one is. */
const eventsOf = (range: Range) => sql`
  select merchant_id, subject_id as id, count(*) as count, min(version) as first, max(version) as last,
    (array_agg(type order by version desc))[1] as type
  from events where ${range(sql`merchant_id`, sql`subject_id`)} group by 1, 2`

/** The same for rows that are few: their ids lie among those of payments, so that a range of these has far more events than theirs. */
const eventsOfFew = (table: string) => (range: Range) =>
  sql`
  select t.merchant_id, t.id, e.* from ${raw(table)} t cross join lateral (
    select count(*) as count, min(version) as first, max(version) as last, (array_agg(type order by version desc))[1] as type
    from events where merchant_id = t.merchant_id and subject_id = t.id) e
  where ${range(sql`t.merchant_id`, sql`t.id`)}`

/** Whether a row `s` has as many events as its version says, numbered from 1 on. */
const isCounted = sql`coalesce(e.count, 0) = s.version and coalesce(e.first, 1) = 1 and coalesce(e.last, 0) = s.version`

/** How many events a row `s` has, and whether they are numbered from 1 on, and the last names its status. */
function events(noun: string, unless: Sql = sql`false`): Invariant[] {
  return [
    {
      name: `each status that a ${noun} entered has exactly one event`,
      broken: sql`not (${isCounted})`,
      advice: askForHelp,
    },
    {
      name: `the last event of a ${noun} names its status`,
      broken: sql`not (${unless}) and e.type is distinct from case when s.status in ('completed', 'failed', 'reversed', 'returned') then ${raw(`'${noun}.'`)} || s.status end`,
      advice: askForHelp,
    },
  ]
}

/** By what money is known. */
const nameOf = (receipt: Sql) => sql`provider || ' ' || environment || ' ' || ${receipt}`

/** What came for each payment, and what went back or is on its way. */
const moneyOf = (range: Range) => sql`
  select merchant_id, payment_id as id, sum(amount_cents) as cents, array_agg(${nameOf(sql`receipt`)}) as names
  from money_in where ${range(sql`merchant_id`, sql`payment_id`)} group by 1, 2`

const refundsOf = (range: Range) => sql`
  select merchant_id, payment_id as id, sum(amount_cents) filter (where status = 'completed') as gone_cents,
    sum(amount_cents) filter (where status in ('created', 'pending')) as going_cents
  from refunds where ${range(sql`merchant_id`, sql`payment_id`)} group by 1, 2`

const putOf = (column: Sql) => (range: Range) =>
  sql`
  select merchant_id, ${column} as id, sum(amount_cents) as cents from allocations where ${range(sql`merchant_id`, column)} group by 1, 2`

/** What people agreed was paid elsewhere. */
const outsideOf = (range: Range) => sql`
  select merchant_id, invoice_id as id, sum(amount_cents) filter (where status = 'approved') as cents
  from outside_payments where ${range(sql`merchant_id`, sql`invoice_id`)} group by 1, 2`

/** The payments that others are folded into. */
const foldedOf = (range: Range) => sql`
  select distinct merchant_id, folded_into as id from payments where ${range(sql`merchant_id`, sql`folded_into`)}`

/** The events of which an endpoint that asked for them has no delivery. An endpoint that was changed since may have been asking for less, or off. */
const missedOf = (range: Range) => sql`
  select distinct t.merchant_id, t.id from events t
  join webhook_endpoints w on w.merchant_id = t.merchant_id and w.mode = t.mode and w.status = 'enabled' and w.deleted_at is null
    -- One that is changed at this moment is seen by others a moment later.
    and w.updated_at <= t.created_at - interval '10 seconds' and ${takes(sql`w.events`, sql`t.type`)}
  where ${range(sql`t.merchant_id`, sql`t.id`)}
    and not exists (select from deliveries d where d.merchant_id = t.merchant_id and d.subject_id = t.subject_id
      and d.endpoint_id = w.id and d.event_id = t.id)`

/** The rows of a table that were made since an id. Each merchant has its own range of the key. */
const madeSince = (table: string, since: Sql) =>
  sql`select t.merchant_id, t.id from merchants r join ${raw(table)} t on t.merchant_id = r.id and t.id >= ${since}`

/** What something was told of since an id, or learnt. */
const toldSince = (noun: string, since: Sql) => sql`
  select t.merchant_id, t.subject_id from merchants r join events t on t.merchant_id = r.id and t.id >= ${since}
  where t.type like ${raw(`'${noun}.%'`)}
  union all
  select t.merchant_id, t.subject_id from merchants r join evidence t on t.merchant_id = r.id and t.id >= ${since}
  where t.subject = ${raw(`'${noun}'`)}`

const changed = (noun: string) => (since: Sql) =>
  sql`${madeSince(`${noun}s`, since)} union all ${toldSince(noun, since)}`

/** Of payments also those whose money, refunds or parts of invoices have changed. */
const changedPayments = (since: Sql) => sql`
  ${changed('payment')(since)}
  union all
  select m.merchant_id, m.payment_id from merchants r join money_in m on m.merchant_id = r.id and m.id >= ${since}
  where m.payment_id is not null
  union all
  select f.merchant_id, f.payment_id from refunds f join (${changed('refund')(since)}) c on c.merchant_id = f.merchant_id and c.id = f.id
  where f.payment_id is not null
  union all
  select a.merchant_id, a.payment_id from allocations a join (${changed('invoice')(since)}) c
    on c.merchant_id = a.merchant_id and c.id = a.invoice_id
  union all
  select p.merchant_id, p.folded_into from payments p join (${changed('payment')(since)}) c on c.merchant_id = p.merchant_id and c.id = p.id
  where p.folded_into is not null`

/** Of refunds also those of money that had no payment, and may have one by now. */
const changedRefunds = (since: Sql) =>
  sql`${changed('refund')(since)} union all select merchant_id, id from refunds where payment_id is null`

const tables: Table[] = [
  {
    table: 'payments',
    prefix: 'pay',
    changed: changedPayments,
    beside: { e: eventsOf, m: moneyOf, r: refundsOf, a: putOf(sql`payment_id`), c: foldedOf },
    invariants: [
      {
        name: 'every completed payment has a receipt, or a search for it is due',
        broken: sql`s.status = 'completed' and s.provider_receipt is null and s.receipt_due_at is null and s.folded_into is null`,
        advice: 'Upload the M-Pesa statement of that day: it names the receipt.',
      },
      {
        name: 'no receipt counts twice',
        broken: sql`s.provider_receipt is not null and (s.provider || ' ' || s.environment || ' ' || s.provider_receipt = any (m.names)) is not true`,
        advice: askForHelp,
      },
      {
        name: 'what a payment received is the sum of its receipts',
        broken: sql`s.received_cents <> coalesce(m.cents, 0)`,
        advice: askForHelp,
      },
      {
        name: 'only paid payments have money, and those that are paid in parts less than all of it',
        broken: sql`s.status not in ('completed', 'reversed') and m.id is not null
          and (s.part_receipts is null or s.received_cents >= s.amount_cents + s.commission_cents)`,
        advice: askForHelp,
      },
      {
        // What went back at the portal meanwhile is no longer reserved for a refund of which nobody knows what became.
        name: 'no more goes back than came',
        broken: sql`s.refunded_cents + s.reserved_cents > s.received_cents
          or s.refunded_cents <> coalesce(r.gone_cents, 0)
          or s.reserved_cents <> least(s.received_cents - s.refunded_cents, coalesce(r.going_cents, 0))`,
        advice: askForHelp,
      },
      {
        name: 'what of a payment was put to invoices is the sum of its parts',
        broken: sql`s.allocated_cents <> coalesce(a.cents, 0)`,
        advice: askForHelp,
      },
      // Of the money of one that took over a receipt was told before.
      ...events('payment', sql`s.status = 'completed' and c.id is not null`),
    ],
  },
  {
    table: 'invoices',
    prefix: 'inv',
    changed: changed('invoice'),
    beside: { e: eventsOfFew('invoices'), a: putOf(sql`invoice_id`), o: outsideOf },
    invariants: [
      {
        name: 'what an invoice was paid is the sum of what was put to it, and of what two people say was paid elsewhere',
        broken: sql`s.paid_cents <> coalesce(a.cents, 0) + s.outside_cents or s.outside_cents <> coalesce(o.cents, 0)`,
        advice: askForHelp,
      },
      {
        name: 'each change of what was put to an invoice has exactly one event',
        broken: sql`not (${isCounted})`,
        advice: askForHelp,
      },
    ],
  },
  {
    table: 'refunds',
    prefix: 'ref',
    changed: changedRefunds,
    beside: { e: eventsOfFew('refunds') },
    invariants: [
      {
        name: 'what went back is known to the payment of its money',
        // One that is under way finds out when it ends.
        broken: sql`s.payment_id is null and s.status = 'completed' and exists (select from money_in m where m.merchant_id = s.merchant_id
          and m.provider = s.provider and m.environment = s.environment and m.receipt = s.payment_receipt
          and m.payment_id is not null)`,
        advice: 'Upload the M-Pesa statement of that day: reading the reversal again tells its payment.',
      },
      ...events('refund'),
    ],
  },
  {
    table: 'payouts',
    prefix: 'pot',
    changed: changed('payout'),
    beside: { e: eventsOfFew('payouts') },
    invariants: events('payout'),
  },
  {
    table: 'events',
    prefix: 'evt',
    changed: (since) => madeSince('events', since),
    beside: { missed: missedOf },
    looksUp: true,
    invariants: [
      {
        name: 'every event is delivered to the endpoints that asked for it',
        broken: sql`missed.id is not null`,
        advice:
          'Send them again: POST /v1/events/{id}/redeliver, or POST /v1/deliveries/redeliver with "missed": true.',
      },
    ],
  },
]

/**
 * Looks at the rows of money and events, some thousand at a time: at those that were made or changed since they were looked at last, or
 * at `all`. What was looked at is said, and remembered.
 */
export async function examineInvariants(context: Context, { all = false } = {}): Promise<Finding[]> {
  const findings: Finding[] = []
  const extents: string[] = []
  for (const { prefix, invariants, changed: since, ...table } of tables) {
    const until = context.clock.now()
    const before = all ? undefined : await findExamined(context, table.table)
    const only = before && (await findChanged(context, before, since))
    const judged = { ...table, broken: invariants.map(({ broken }) => broken) }
    const { looked, counts, wrong } = await judge(context, judged, only)
    await keepExamined(context, table.table, {
      until,
      wrong: wrong.map(({ merchant_id, id }) => ({ merchant_id, id })),
    })
    for (const [index, { name, advice }] of invariants.entries()) {
      const examples = wrong.filter(({ broken }) => broken.includes(index)).map(({ id }) => showId(prefix, id))
      findings.push(finding(name, advice, examples, counts[index]!))
    }
    extents.push(only ? extentSince(table.table, looked, before.until) : `${table.table}: all ${looked}.`)
  }
  return [...findings, findingOf('so much of the books was looked at', '', { right: extents })]
}

function extentSince(table: string, looked: number, until: Date): string {
  return `${table}: ${looked} that were made or changed since ${until.toISOString()}, or in the two days before. The others were looked at by then, and are again with --all.`
}

import type { Context } from '../context.ts'
import { join, raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { takes } from '../events/event-pattern.ts'
import { showId } from '../id.ts'
import type { Prefix } from '../id.ts'
import { examplesMax, finding, look } from './finding.ts'
import type { Finding } from './finding.ts'

/** What must hold for each row of a table. `broken` is SQL over `s`, one of its rows, true where it does not hold. */
type Invariant = { name: string; broken: Sql; advice: string }

type Table = { table: string; prefix: Prefix; invariants: Invariant[] }

const sliceSize = 2_000

const askForHelp = 'This must never be. Keep the evidence: back up the database, and report it.'

const eventsOf = sql`events e where e.merchant_id = s.merchant_id and e.subject_id = s.id`

/** Whether a row `s` has as many events as its version says, numbered from 1 on. */
const isCounted = sql`(select (count(*), coalesce(min(e.version), 1), coalesce(max(e.version), 0)) from ${eventsOf})
  is not distinct from (s.version::bigint, 1, s.version)`

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
      broken: sql`not (${unless}) and (select e.type from ${eventsOf} and e.version = s.version)
        is distinct from case when s.status in ('completed', 'failed', 'reversed') then ${raw(`'${noun}.'`)} || s.status end`,
      advice: askForHelp,
    },
  ]
}

const moneyOf = sql`money_in m where m.merchant_id = s.merchant_id and m.payment_id = s.id`
const refundsOf = sql`refunds r where r.merchant_id = s.merchant_id and r.payment_id = s.id`

const tables: Table[] = [
  {
    table: 'payments',
    prefix: 'pay',
    invariants: [
      {
        name: 'every completed payment has a receipt, or a search for it is due',
        broken: sql`s.status = 'completed' and s.provider_receipt is null and s.receipt_due_at is null and s.folded_into is null`,
        advice: 'Upload the M-Pesa statement of that day: it names the receipt.',
      },
      {
        name: 'no receipt counts twice',
        broken: sql`s.provider_receipt is not null and not exists (select from ${moneyOf} and m.provider = s.provider
          and m.environment = s.environment and m.receipt = s.provider_receipt)`,
        advice: askForHelp,
      },
      {
        name: 'what a payment received is the sum of its receipts',
        broken: sql`s.received_cents <> (select coalesce(sum(m.amount_cents), 0) from ${moneyOf})`,
        advice: askForHelp,
      },
      {
        name: 'only paid payments have money, and those that are paid in parts less than all of it',
        broken: sql`s.status not in ('completed', 'reversed') and exists (select from ${moneyOf})
          and (s.part_receipts is null or s.received_cents >= s.amount_cents + s.commission_cents)`,
        advice: askForHelp,
      },
      {
        // What went back at the portal meanwhile is no longer reserved for a refund of which nobody knows what became.
        name: 'no more goes back than came',
        broken: sql`s.refunded_cents + s.reserved_cents > s.received_cents
          or s.refunded_cents <> (select coalesce(sum(r.amount_cents), 0) from ${refundsOf} and r.status = 'completed')
          or s.reserved_cents <> least(s.received_cents - s.refunded_cents,
            (select coalesce(sum(r.amount_cents), 0) from ${refundsOf} and r.status in ('created', 'pending')))`,
        advice: askForHelp,
      },
      {
        name: 'what of a payment was put to invoices is the sum of its parts',
        broken: sql`s.allocated_cents <> (select coalesce(sum(a.amount_cents), 0) from allocations a
            where a.merchant_id = s.merchant_id and a.payment_id = s.id)`,
        advice: askForHelp,
      },
      // Of the money of one that took over a receipt was told before.
      ...events(
        'payment',
        sql`s.status = 'completed' and exists (select from payments c where c.merchant_id = s.merchant_id and c.folded_into = s.id)`,
      ),
    ],
  },
  {
    table: 'invoices',
    prefix: 'inv',
    invariants: [
      {
        name: 'what an invoice was paid is the sum of what was put to it',
        broken: sql`s.paid_cents <> (select coalesce(sum(a.amount_cents), 0) from allocations a
          where a.merchant_id = s.merchant_id and a.invoice_id = s.id)`,
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
  { table: 'payouts', prefix: 'pot', invariants: events('payout') },
  {
    table: 'events',
    prefix: 'evt',
    invariants: [
      {
        // An endpoint that was changed since may have been asking for less, or off.
        name: 'every event is delivered to the endpoints that asked for it',
        broken: sql`exists (select from webhook_endpoints w
          where w.merchant_id = s.merchant_id and w.mode = s.mode and w.status = 'enabled' and w.deleted_at is null
            and w.updated_at <= s.created_at and ${takes(sql`w.events`, sql`s.type`)}
            and not exists (select from deliveries d
              where d.merchant_id = s.merchant_id and d.event_id = s.id and d.endpoint_id = w.id))`,
        advice:
          'Send them again: POST /v1/events/{id}/redeliver, or POST /v1/deliveries/redeliver with "missed": true.',
      },
    ],
  },
]

/** Looks at every row of money and events, some thousand at a time. */
export async function examineInvariants(context: Context): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const table of tables) findings.push(...(await examineTable(context, table)))
  return findings
}

type Slice = { merchant_id: string; id: string; counts: number[]; examples: string[][] }

const first = { merchant_id: '00000000-0000-0000-0000-000000000000', id: '00000000-0000-0000-0000-000000000000' }

async function examineTable(context: Context, { table, prefix, invariants }: Table): Promise<Finding[]> {
  const counts = invariants.map(() => 0)
  const examples: string[][] = invariants.map(() => [])
  for (let last: Pick<Slice, 'merchant_id' | 'id'> | undefined = first; last;) {
    const [slice]: Slice[] = await look<Slice>(context, examineSlice(table, invariants, last))
    for (const index of invariants.keys()) {
      counts[index]! += slice?.counts[index] ?? 0
      examples[index]!.push(...(slice?.examples[index] ?? []))
    }
    last = slice
  }
  return invariants.map(({ name, advice }, index) =>
    finding(
      name,
      advice,
      examples[index]!.map((id) => showId(prefix, id)),
      counts[index],
    ),
  )
}

// A slice is a range of the primary key, and its statement judges every row by all invariants.
function examineSlice(table: string, invariants: Invariant[], last: Pick<Slice, 'merchant_id' | 'id'>): Sql {
  const judged = invariants.map(({ broken }) => sql`coalesce((${broken}), false)`)
  const numbers = invariants.map((_, index) => raw(String(index + 1)))
  return sql`
    with s as (
      select * from ${raw(table)} where (merchant_id, id) > (${last.merchant_id}, ${last.id}) order by merchant_id, id limit ${sliceSize}
    ),
    judged as (select s.merchant_id, s.id, array[${join(judged, sql`, `)}] as broken from s)
    select (array_agg(merchant_id order by merchant_id desc, id desc))[1] as merchant_id, (array_agg(id order by merchant_id desc, id desc))[1] as id,
      array[${join(
        numbers.map((number) => sql`count(*) filter (where broken[${number}])::int`),
        sql`, `,
      )}] as counts,
      json_build_array(${join(
        numbers.map((number) => sql`(array_agg(id) filter (where broken[${number}]))[1:${raw(String(examplesMax))}]`),
        sql`, `,
      )}) as examples
    from judged having count(*) > 0`
}

import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { columns, listText } from '../database/columns.ts'
import { join, raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { RecordTable, StatementReading } from '../providers/statement.ts'
import { compare } from './compare.ts'
import type { Comparison } from './comparison.ts'
import { done } from './deeds.ts'
import type { Item } from './item.ts'
import type { Run } from './run.ts'
import { leaseMs } from './start.ts'

/** Of what is compared one by one, as much at once as holds up nobody. */
const comparedAtOnce = 1_000

/**
 * Keeps what became of the records of a table, the next of the run, and moves the run on. Most agree with the books, which the
 * statement that keeps them sees by itself; the others are compared one by one, settled, and kept with the move. What is interrupted
 * in between is found again. Answers the run, or undefined when another node had moved it.
 */
export async function keepTable(
  context: Context,
  run: Run,
  { table, reading }: { table: RecordTable; reading: StatementReading },
): Promise<Run | undefined> {
  const places = Array.from({ length: table.count }, (_, index) => run.next_offset + index)
  const { moved, open } = await keep(context, run, { table, places, compared: [], read: table.count })
  if (open.length === 0) return moved
  const compared: Comparison[] = []
  for (let start = 0; start < open.length; start += comparedAtOnce) {
    const records = await reading.at(open.slice(start, start + comparedAtOnce))
    compared.push(...(await compare(context, { run, deeds: done }, records)))
  }
  const others = await reading.tableAt(open)
  return (await keep(context, run, { table: others, places: open, compared, read: table.count })).moved
}

/** Records with their places in the run, and what became of them, as far as that is known; `read` is by how much the run moves on. */
type Keeping = { table: RecordTable; places: number[]; compared: Comparison[]; read: number }

/** The run, where it was moved on, and the places of what must be compared before it can be. */
type Kept = { moved: Run | undefined; open: number[] }

async function keep(context: Context, run: Run, keeping: Keeping): Promise<Kept> {
  const { open, ...moved } = await context.database.one<Run & { open: number[] }>(statement(context, run, keeping))
  return { open, moved: moved.id ? moved : undefined }
}

/** A record that says enough of itself to be compared with the books. */
const isReadable = sql`(r.problem is null and r.receipt is not null and r.direction is not null and r.amount_cents > 0 and r.at is not null)`

/**
 * What needs no other comparison: what a record says of itself, or the provider alone decides; and a payment whose receipt is in the
 * books with this amount, and belongs to a payment. What the run itself has settled, before it was interrupted, is not among them.
 */
const ownReason = sql`case when not ${isReadable} then 'unreadable' when r.repeats = 'line' then 'repeated'
  when r.kind in ('charge', 'transfer') then r.kind when m.payment_id is not null then 'known' end`

/** The records of a table, each with its place, and what became of it where that is known. */
function recordRows({ table: { columns: of }, places, compared }: Keeping): Sql {
  const comparedBy = (key: keyof Comparison) => compared.map((one) => one[key] ?? null)
  const candidates = compared.map((one) => one.candidates && listText(one.candidates))
  const cells = {
    number: sql`${places}::int[]`,
    kind: sql`${of.kind}::text::text[]`,
    direction: sql`${of.direction}::text::text[]`,
    receipt: sql`${of.receipt}::text::text[]`,
    amount_cents: sql`${of.amount_cents}::text::bigint[]`,
    at: sql`${of.at}::text::timestamptz[]`,
    reference: sql`${of.reference}::text::text[]`,
    phone: sql`${of.phone}::text::text[]`,
    phone_masked: sql`${of.phone_masked}::text::text[]`,
    payer_name: sql`${of.payer_name}::text::text[]`,
    linked_receipt: sql`${of.linked_receipt}::text::text[]`,
    line: sql`${of.line}::text::int[]`,
    problem: sql`${of.problem}::text::text[]`,
    repeats: sql`${of.repeats}::text::text[]`,
    raw: sql`${of.raw}::text::text[]`,
    outcome: sql`${comparedBy('outcome')}::text[]`,
    reason: sql`${comparedBy('reason')}::text[]`,
    payment_id: sql`${comparedBy('payment_id')}::uuid[]`,
    payout_id: sql`${comparedBy('payout_id')}::uuid[]`,
    candidates: sql`${candidates}::text[]`,
    expected_cents: sql`${comparedBy('expected_cents')}::bigint[]`,
  }
  return sql`unnest(${join(Object.values(cells), sql`, `)}) as r (${raw(Object.keys(cells).join(', '))})`
}

const items = columns<Item>({
  merchant_id: sql`run.merchant_id`,
  run_id: sql`run.id`,
  number: sql`r.number`,
  kind: sql`r.kind`,
  direction: sql`r.direction`,
  outcome: sql`coalesce(r.outcome, case r.because when 'unreadable' then 'mismatched' else 'matched' end)`,
  reason: sql`r.because`,
  receipt: sql`r.receipt`,
  amount_cents: sql`r.amount_cents`,
  at: sql`r.at`,
  reference: sql`r.reference`,
  phone: sql`coalesce(r.phone, r.phone_masked)`,
  payer_name: sql`r.payer_name`,
  linked_receipt: sql`r.linked_receipt`,
  payment_id: sql`coalesce(r.payment_id, r.known_id)`,
  payout_id: sql`r.payout_id`,
  candidates: sql`r.candidates::uuid[]`,
  expected_cents: sql`r.expected_cents`,
  raw: sql`r.raw`,
  line: sql`r.line`,
  problem: sql`case r.because when 'unreadable' then r.problem end`,
})

function statement({ clock }: Context, run: Run, keeping: Keeping): Sql {
  const { merchant_id, provider, environment, id, source, next_offset } = run
  return sql.named`
    with judged as materialized (
      select r.*, coalesce(r.reason, ${ownReason}) as because, m.payment_id as known_id from ${recordRows(keeping)}
      left join money_in m on r.reason is null and r.kind = 'payment' and ${isReadable}
        and m.merchant_id = ${merchant_id} and m.provider = ${provider} and m.environment = ${environment} and m.receipt = r.receipt
        and m.amount_cents = r.amount_cents and m.payment_id is not null
        and not exists (select from evidence e where e.merchant_id = ${merchant_id} and e.subject_id = m.payment_id and e.id >= ${id}
          and e.source = ${source} and e.effect in ('completed', 'receipt'))
    ),
    moved as (
      update reconciliation_runs set next_offset = next_offset + ${keeping.read}, work_at = ${later(clock.now(), leaseMs)}, attempts = 0, problem = null
      where merchant_id = ${merchant_id} and id = ${id} and status = 'running' and next_offset = ${next_offset}
        and not exists (select from judged where because is null)
      returning *
    ),
    kept as (
      insert into reconciliation_items ${items}
      from reconciliation_runs run, judged r
      where run.merchant_id = ${merchant_id} and run.id = ${id} and run.status = 'running' and run.next_offset = ${next_offset}
        and r.because is not null
      -- What agrees is there already where the run was interrupted, or another node works on it.
      on conflict do nothing
    )
    select array(select number from judged where because is null order by number) as open, moved.*
    from (select) one left join moved on true`
}

import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { arrayText } from '../database/array-text.ts'
import { columns, listText } from '../database/columns.ts'
import { join, raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { RecordTable, StatementReading } from '../providers/statement.ts'
import { compare } from './compare.ts'
import type { Comparison } from './comparison.ts'
import { done } from './deeds.ts'
import type { Item } from './item.ts'
import { judgeTable } from './judge-table.ts'
import type { Run } from './run.ts'
import { leaseMs } from './start.ts'

/** Of what is compared one by one, as much at once as holds up nobody. */
const comparedAtOnce = 1_000

/**
 * Keeps what became of the records of a table, the next of the run, and moves the run on. Most agree with the books, or are not in
 * them at all: the books are asked for all of them at once, and only what they do not explain is compared one by one, and settled.
 * What is interrupted in between is found again. Answers the run, or undefined when another node had moved it.
 */
export async function keepTable(
  context: Context,
  run: Run,
  { table, reading }: { table: RecordTable; reading: StatementReading },
): Promise<Run | undefined> {
  const judged = await judgeTable(context, run, table)
  const places = Array.from({ length: table.count }, (_, place) => place)
  const open = places.filter((place) => !judged.has(place))
  for (let start = 0; start < open.length; start += comparedAtOnce) {
    const some = open.slice(start, start + comparedAtOnce)
    const records = await reading.at(some.map((place) => run.next_offset + place))
    const compared = await compare(context, { run, deeds: done }, records)
    some.forEach((place, index) => judged.set(place, compared[index]!))
  }
  return keep(context, run, { table, comparisons: places.map((place) => judged.get(place)!) })
}

type Told = { table: RecordTable; comparisons: Comparison[] }

function keep({ database, clock }: Context, run: Run, told: Told): Promise<Run | undefined> {
  const { merchant_id, id, next_offset } = run
  return database.maybe<Run>(sql.named`
    with moved as (
      update reconciliation_runs set next_offset = next_offset + ${told.table.count}, work_at = ${later(clock.now(), leaseMs)}, attempts = 0, problem = null
      where merchant_id = ${merchant_id} and id = ${id} and status = 'running' and next_offset = ${next_offset}
      returning *
    ),
    kept as (
      insert into reconciliation_items ${items} from moved run, ${recordRows(run, told)}
      -- A node of an older version kept what agrees before it moved the run.
      on conflict do nothing
    )
    select * from moved`)
}

/** The records of a table, each with its place in the run, and what became of it. */
function recordRows({ next_offset }: Run, { table: { columns: of }, comparisons }: Told): Sql {
  const became = (key: Exclude<keyof Comparison, 'candidates'>) => arrayText(comparisons.map((one) => one[key]))
  const candidates = comparisons.map((one) => one.candidates && listText(one.candidates))
  const cells = {
    number: sql`${arrayText(comparisons.map((_, index) => next_offset + index))}::int[]`,
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
    raw: sql`${of.raw}::text::text[]`,
    outcome: sql`${became('outcome')}::text[]`,
    reason: sql`${became('reason')}::text[]`,
    payment_id: sql`${became('payment_id')}::uuid[]`,
    payout_id: sql`${became('payout_id')}::uuid[]`,
    candidates: sql`${arrayText(candidates)}::text[]`,
    expected_cents: sql`${became('expected_cents')}::bigint[]`,
  }
  return sql`unnest(${join(Object.values(cells), sql`, `)}) as r (${raw(Object.keys(cells).join(', '))})`
}

const items = columns<Item>({
  merchant_id: sql`run.merchant_id`,
  run_id: sql`run.id`,
  number: sql`r.number`,
  kind: sql`r.kind`,
  direction: sql`r.direction`,
  outcome: sql`r.outcome`,
  reason: sql`r.reason`,
  receipt: sql`r.receipt`,
  amount_cents: sql`r.amount_cents`,
  at: sql`r.at`,
  reference: sql`r.reference`,
  phone: sql`coalesce(r.phone, r.phone_masked)`,
  payer_name: sql`r.payer_name`,
  linked_receipt: sql`r.linked_receipt`,
  payment_id: sql`r.payment_id`,
  payout_id: sql`r.payout_id`,
  candidates: sql`r.candidates::uuid[]`,
  expected_cents: sql`r.expected_cents`,
  raw: sql`r.raw`,
  line: sql`r.line`,
  problem: sql`case r.reason when 'unreadable' then r.problem end`,
})

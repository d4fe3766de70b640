import type { Context } from '../context.ts'
import { listRows } from '../api/list-rows.ts'
import type { Page } from '../api/list-rows.ts'
import { columns, listText, rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { ProviderRecord } from '../providers/record.ts'
import type { Comparison } from './comparison.ts'
import type { Item, NewItem } from './item.ts'
import type { Run } from './run.ts'

/** What became of a record. */
export function itemOf(record: ProviderRecord, comparison: Comparison): NewItem {
  return {
    kind: record.kind,
    direction: record.direction,
    receipt: record.receipt,
    amount_cents: record.amount_cents,
    at: record.at,
    reference: record.reference,
    phone: record.phone ?? record.phone_masked,
    payer_name: record.payer_name,
    linked_receipt: record.linked_receipt,
    raw: record.raw,
    line: record.line,
    problem: comparison.reason === 'unreadable' ? record.problem : null,
    payment_id: null,
    payout_id: null,
    candidates: null,
    expected_cents: null,
    ...comparison,
  }
}

/**
 * Keeps the items of a page and moves the run on, in one statement: a page is kept once, whole, by whoever comes first. Answers
 * the run, or undefined when another node had kept this page.
 */
export function keepItems(
  context: Context,
  run: Run,
  items: NewItem[],
  { read, lease }: { read: number; lease: Date },
): Promise<Run | undefined> {
  return context.database.maybe<Run>(sql`
    with moved as (
      update reconciliation_runs set next_offset = next_offset + ${read}, work_at = ${lease}, attempts = 0, problem = null
      where merchant_id = ${run.merchant_id} and id = ${run.id} and status = 'running' and next_offset = ${run.next_offset}
      returning *
    ),
    kept as (${itemRows(items, run.next_offset, sql`moved`)})
    select * from moved`)
}

/** The insert of items, to stand inside a statement; `runs` names the rows of the run that they belong to. */
export function itemRows(items: NewItem[], from: number, runs: Sql): Sql {
  const numbered = items.map(({ candidates, ...item }, index) => ({
    ...item,
    candidates: candidates && listText(candidates),
    number: from + index,
  }))
  return sql`
    insert into reconciliation_items ${columns<Item>({
      merchant_id: sql`r.merchant_id`,
      run_id: sql`r.id`,
      number: sql`i.number`,
      kind: sql`i.kind`,
      direction: sql`i.direction`,
      outcome: sql`i.outcome`,
      reason: sql`i.reason`,
      receipt: sql`i.receipt`,
      amount_cents: sql`i.amount_cents`,
      at: sql`i.at`,
      reference: sql`i.reference`,
      phone: sql`i.phone`,
      payer_name: sql`i.payer_name`,
      linked_receipt: sql`i.linked_receipt`,
      payment_id: sql`i.payment_id`,
      payout_id: sql`i.payout_id`,
      candidates: sql`i.candidates::uuid[]`,
      expected_cents: sql`i.expected_cents`,
      raw: sql`i.raw`,
      line: sql`i.line`,
      problem: sql`i.problem`,
    })}
    from ${runs} r, ${rows(numbered, 'i', itemTypes)}`
}

const itemTypes = {
  number: 'int',
  kind: 'text',
  direction: 'text',
  outcome: 'text',
  reason: 'text',
  receipt: 'text',
  amount_cents: 'bigint',
  at: 'timestamptz',
  reference: 'text',
  phone: 'text',
  payer_name: 'text',
  linked_receipt: 'text',
  payment_id: 'uuid',
  payout_id: 'uuid',
  candidates: 'text',
  expected_cents: 'bigint',
  raw: 'text',
  line: 'int',
  problem: 'text',
} as const

/** What the items of a run can be narrowed to. */
export type ItemFilter = Partial<Pick<Item, 'outcome' | 'kind' | 'reason' | 'receipt'>>

/** One page of the items of a run, in the order of the records; `after` is the last number of the page before it. */
export function listItems(
  context: Context,
  { merchant_id, id }: Pick<Run, 'merchant_id' | 'id'>,
  { filter, limit, after = -1 }: { filter: ItemFilter; limit: number; after?: number },
): Promise<Page<Item>> {
  const where = [
    sql`merchant_id = ${merchant_id}`,
    sql`run_id = ${id}`,
    sql`number > ${after}`,
    filter.outcome && sql`outcome = ${filter.outcome}`,
    filter.kind && sql`kind = ${filter.kind}`,
    filter.reason && sql`reason = ${filter.reason}`,
    filter.receipt && sql`receipt = ${filter.receipt}`,
  ]
  return listRows<Item>(context, { limit }, { from: sql`reconciliation_items`, where, order: sql`number` })
}

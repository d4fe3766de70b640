import type { Context } from '../context.ts'
import { listRows } from '../api/list-rows.ts'
import type { Page } from '../api/list-rows.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { ProviderRecord } from '../providers/record.ts'
import type { Comparison } from './comparison.ts'
import type { Item } from './item.ts'
import type { Run } from './run.ts'

/** An item before it has its place in a run. */
export type NewItem = Omit<Item, 'merchant_id' | 'run_id' | 'number'>

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
  const column = <Value>(value: (item: NewItem) => Value) => items.map(value)
  return sql`
    insert into reconciliation_items (merchant_id, run_id, number, kind, direction, outcome, reason, receipt, amount_cents, at,
      reference, phone, payer_name, linked_receipt, payment_id, payout_id, candidates, expected_cents, raw)
    select r.merchant_id, r.id, i.number + ${from - 1}::int, i.kind, i.direction, i.outcome, i.reason, i.receipt, i.amount_cents, i.at,
      i.reference, i.phone, i.payer_name, i.linked_receipt, i.payment_id, i.payout_id, i.candidates::uuid[], i.expected_cents, i.raw
    from ${runs} r, unnest(
      ${column((i) => i.kind)}::text[], ${column((i) => i.direction)}::text[], ${column((i) => i.outcome)}::text[],
      ${column((i) => i.reason)}::text[], ${column((i) => i.receipt)}::text[], ${column((i) => i.amount_cents)}::bigint[],
      ${column((i) => i.at)}::timestamptz[], ${column((i) => i.reference)}::text[], ${column((i) => i.phone)}::text[],
      ${column((i) => i.payer_name)}::text[], ${column((i) => i.linked_receipt)}::text[], ${column((i) => i.payment_id)}::uuid[],
      ${column((i) => i.payout_id)}::uuid[], ${column((i) => i.candidates && `{${i.candidates.join()}}`)}::text[],
      ${column((i) => i.expected_cents)}::bigint[], ${column((i) => i.raw)}::text[]
    ) with ordinality as i (kind, direction, outcome, reason, receipt, amount_cents, at, reference, phone, payer_name, linked_receipt,
      payment_id, payout_id, candidates, expected_cents, raw, number)`
}

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

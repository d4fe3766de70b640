import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { RecordTable } from '../providers/statement.ts'
import type { Comparison } from './comparison.ts'
import type { Run } from './run.ts'

/** A record that says enough of itself to be compared with the books. */
const isReadable = sql`(r.problem is null and r.receipt is not null and r.direction is not null and r.amount_cents > 0 and r.at is not null)`

/**
 * What became of the records of a table, by their places in it, where nothing needs to be looked for: what a record says of itself, or
 * the provider alone decides; and a payment whose receipt is in the books with this amount, and belongs to a payment. What the run
 * itself has settled, before it was interrupted, is not among them.
 */
export async function judgeTable(
  { database }: Context,
  run: Run,
  table: RecordTable,
): Promise<Map<number, Comparison>> {
  // As text, and not as bytes to be cast: what is cast is read once more when it is planned.
  const textOf = (name: keyof RecordTable['columns']) => table.columns[name].toString()
  const { merchant_id, provider, environment, id, source } = run
  // Not named: it is planned for so many records, and for what is in the books by now, which a statement may fill from nothing.
  const judged = await database.query<Comparison & { place: number }>(sql`
    select place, case reason when 'unreadable' then 'mismatched' else 'matched' end as outcome, reason, payment_id from (
      select r.number - 1 as place, m.payment_id, case when not ${isReadable} then 'unreadable' when r.repeats = 'line' then 'repeated'
        when r.kind in ('charge', 'transfer') then r.kind when m.payment_id is not null then 'known' end as reason
      from unnest(${textOf('kind')}::text[], ${textOf('direction')}::text[], ${textOf('receipt')}::text[], ${textOf('amount_cents')}::bigint[],
          ${textOf('at')}::timestamptz[], ${textOf('problem')}::text[], ${textOf('repeats')}::text[])
        with ordinality as r (kind, direction, receipt, amount_cents, at, problem, repeats, number)
      left join (
        select m.receipt, m.amount_cents, m.payment_id from money_in m
        where m.merchant_id = ${merchant_id} and m.provider = ${provider} and m.environment = ${environment}
          and m.receipt = any (${textOf('receipt')}::text[]) and m.payment_id is not null
          and not exists (select from evidence e where e.merchant_id = ${merchant_id} and e.subject_id = m.payment_id and e.id >= ${id}
            and e.source = ${source} and e.effect in ('completed', 'receipt'))
      ) m on r.kind = 'payment' and ${isReadable} and m.receipt = r.receipt and m.amount_cents = r.amount_cents
    ) judged where reason is not null`)
  return new Map(judged.map(({ place, ...comparison }) => [place, comparison]))
}

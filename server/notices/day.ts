import type { Mode } from '../access/key.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'

/** A time of a business: from this moment until before that. What is real and what is not are never added up. */
export type Span = { merchant_id: string; mode: Mode; from: Date; until: Date }

/** What there is to say of a day. Amounts are cents. */
export type DayFigures = {
  came_cents: number
  came: number
  unmatched: number
  paid: number
  failed: number
  /** Why most of those were not paid that failed. */
  failure: string | null
  returned_cents: number
  returned: number
  sent_cents: number
  sent: number
}

/** Adds up a day: money that Lango learnt of, payments that were asked for, what went back, what was sent. */
export function figuresOf({ database }: Context, span: Span): Promise<DayFigures> {
  const { from, until } = span
  const made = sql`${ofWhose(span)} and id >= ${firstIdOf(from)} and id < ${firstIdOf(until)}`
  const done = sql`${ofWhose(span)} and status in ('completed', 'returned') and completed_at >= ${from} and completed_at < ${until}`
  return database.one<DayFigures>(sql`
    select * from
      (select coalesce(sum(amount_cents), 0)::bigint as came_cents, count(*)::int as came,
        (count(*) filter (where payment_id is null and reversed_cents < amount_cents))::int as unmatched from money_in where ${made}) m,
      (select (count(*) filter (where status in ('completed', 'reversed')))::int as paid, (count(*) filter (where status = 'failed'))::int as failed,
        mode() within group (order by failure_code) filter (where status = 'failed') as failure from payments where ${made}) p,
      (select coalesce(sum(amount_cents), 0)::bigint as returned_cents, count(*)::int as returned from refunds where ${done}) r,
      (select coalesce(sum(amount_cents), 0)::bigint as sent_cents, count(*)::int as sent from payouts where ${done}) o`)
}

/** The condition of rows that are of this business, and of this kind of money. */
export function ofWhose({ merchant_id, mode }: Pick<Span, 'merchant_id' | 'mode'>): Sql {
  return sql`merchant_id = ${merchant_id} and ${mode === 'live' ? sql`environment = 'live'` : sql`environment <> 'live'`}`
}

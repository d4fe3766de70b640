import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'

/** Rows whose ids are not before the one, and before the other. */
export type Span = { from: string; below: string }

/** All rows that there can be. */
export const everything: Span = {
  from: '00000000-0000-0000-0000-000000000000',
  below: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
}

// A slice is what begins with the same five digits of an id: some three days. An index in which it stands before what is sought holds
// what many have in the order of time, as near as it need be; one has to name the slices that are looked at.

/** That a row is of a slice, as the indexes say it. */
export function isOfSlice(id: Sql, slice: Sql): Sql {
  return sql`left(${id}::text, 5) = ${slice}`
}

/** A query of the slices, the newest first, in which a merchant has rows of a span. It costs only as many as are taken of it. */
export function slicesWithin(table: Sql, merchant_id: string, { from, below }: Span = everything): Sql {
  const newest = (before: Sql) => sql`
    select left(id::text, 5) from ${table} where merchant_id = ${merchant_id} and id >= ${from} and id < ${before} order by id desc limit 1`
  return sql`
    with recursive slices (slice) as (
      (${newest(sql`${below}`)})
      union all
      select (${newest(sql`(slice || '000-0000-0000-0000-000000000000')::uuid`)}) from slices where slice is not null
    ) select slice from slices where slice is not null`
}

/** The slices of what was made since a moment, which lies not long before `now`; another node's clock may be ahead. */
export function slicesSince(since: Date, now: Date): string[] {
  const [first, last] = [since, later(now, aheadMs)].map((at) => parseInt(firstIdOf(at).slice(0, 5), 16))
  return Array.from({ length: last! - first! + 1 }, (_, index) => (first! + index).toString(16).padStart(5, '0'))
}

const aheadMs = 3_600_000

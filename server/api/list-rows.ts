import type { Mode } from '../access/key.ts'
import type { Context } from '../context.ts'
import { join, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import type { Environment } from '../providers/names.ts'

/** The page of a list that is asked for: whose rows, which of them, and after which; `before` is the last id of the page before. */
export type Listing<Filter> = { merchant_id: string; mode: Mode; filter: Filter; limit: number; before?: string }

/** One page of a list, and whether another follows. */
export type Page<Row> = { rows: Row[]; hasMore: boolean }

/** What a row must meet to be in a list, or nothing where that was not asked for. */
export type Condition = Sql | false | '' | null | undefined

/** One page of the rows that meet all conditions, newest first unless ordered otherwise. */
export async function listRows<Row>(
  { database }: Context,
  { before, limit }: Pick<Listing<unknown>, 'before' | 'limit'>,
  { from, where, order = sql`id desc` }: { from: Sql; where: Condition[]; order?: Sql },
): Promise<Page<Row>> {
  const rows = await database.query<Row>(sql`
    select * from ${from} where ${allOf([before && sql`id < ${before}`, ...where])} order by ${order} limit ${limit + 1}`)
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit }
}

/** All conditions that were asked for, as one. */
export function allOf(where: Condition[]): Sql {
  const asked = where.filter(isAsked)
  return asked.length === 0 ? sql`true` : join(asked, sql` and `)
}

/** True where a condition was asked for. */
export function isAsked(condition: Condition): condition is Sql {
  return Boolean(condition)
}

/** What a list of anything that has an environment can be narrowed to. */
export type EnvironmentFilter = { environment?: Environment | undefined }

/** A merchant's own rows, of an environment that the mode may see, and of the one that is asked for. */
export function ofMerchant({
  merchant_id,
  mode,
  filter = {},
}: {
  merchant_id: string
  mode: Mode
  /** Of whatever list: some know no environment to be narrowed to. */
  filter?: object
}): Condition[] {
  const { environment } = filter as EnvironmentFilter
  return [
    sql`merchant_id = ${merchant_id}`,
    mode === 'test' && sql`environment <> 'live'`,
    environment && sql`environment = ${environment}`,
  ]
}

/** Rows that were made in a time. Their ids begin with the time, so that it is a range of the primary key. */
export function madeWithin({ since, until }: { since?: Date; until?: Date }): Condition[] {
  return [since && sql`id >= ${firstIdOf(since)}`, until && sql`id < ${firstIdOf(until)}`]
}

/** Rows of a status as the outside knows it: what was only just created is pending. */
export function hasStatus(status: string | undefined): Condition {
  return status === 'pending' ? sql`status in ('created', 'pending')` : status && sql`status = ${status}`
}

/** Rows that a person must look at, or those that nobody must. */
export function needsAttention(wanted: boolean | undefined): Condition {
  return wanted !== undefined && (wanted ? sql`needs_attention is not null` : sql`needs_attention is null`)
}

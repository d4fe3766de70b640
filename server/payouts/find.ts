import type { Context } from '../context.ts'
import { join, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import type { Mode } from '../access/key.ts'
import { beginningOf, phoneBeginning } from '../payments/find.ts'
import { Problem } from '../problem.ts'
import type { Payout } from './payout.ts'

/** Which payout, and of whom. A test key does not see live ones. */
export type PayoutName = { merchant_id: string; id: string; mode?: Mode }

/** One payout. @throws a Problem when there is none of this merchant. */
export async function findPayout({ database }: Context, { merchant_id, id, mode }: PayoutName): Promise<Payout> {
  const payout = await database.maybe<Payout>(
    sql`select * from payouts where merchant_id = ${merchant_id} and id = ${id}`,
  )
  if (payout && !(mode === 'test' && payout.environment === 'live')) return payout
  throw new Problem('not_found', 'There is no such payout, or it is not yours.', 'id')
}

/** What a list of payouts can be narrowed to. All given ones must hold. */
export type PayoutFilter = {
  kind?: Payout['kind']
  status?: 'awaiting_approval' | 'pending' | 'completed' | 'failed'
  since?: Date
  until?: Date
  /** Exact for an id; the beginning of a receipt, phone, short code or reference. */
  search?: string
  search_id?: string
  phone?: string
  external_reference?: string
  needs_attention?: boolean
}

/** One page of a merchant's payouts, newest first; `before` is the last id of the page before it. */
export async function listPayouts(
  { database }: Context,
  {
    merchant_id,
    mode,
    filter,
    limit,
    before,
  }: { merchant_id: string; mode: Mode; filter: PayoutFilter; limit: number; before?: string },
): Promise<{ payouts: Payout[]; hasMore: boolean }> {
  const conditions = [
    sql`merchant_id = ${merchant_id}`,
    mode === 'test' && sql`environment <> 'live'`,
    filter.kind && sql`kind = ${filter.kind}`,
    filter.status &&
      (filter.status === 'pending' ? sql`status in ('created', 'pending')` : sql`status = ${filter.status}`),
    filter.since && sql`id >= ${firstIdOf(filter.since)}`,
    filter.until && sql`id < ${firstIdOf(filter.until)}`,
    before && sql`id < ${before}`,
    filter.phone && sql`phone = ${filter.phone}`,
    filter.external_reference && sql`external_reference = ${filter.external_reference}`,
    filter.needs_attention !== undefined &&
      (filter.needs_attention ? sql`needs_attention is not null` : sql`needs_attention is null`),
    filter.search && searchFor(filter.search, filter.search_id),
  ].filter((condition): condition is Sql => Boolean(condition))
  const payouts = await database.query<Payout>(sql`
    select * from payouts where ${join(conditions, sql` and `)} order by id desc limit ${limit + 1}`)
  return { payouts: payouts.slice(0, limit), hasMore: payouts.length > limit }
}

function searchFor(text: string, id: string | undefined): Sql {
  if (id) return sql`id = ${id}`
  const beginning = beginningOf(text)
  return sql`(provider_receipt like ${beginning.toUpperCase()} or phone like ${phoneBeginning(beginning)} or shortcode like ${beginning}
    or account_reference like ${beginning} or external_reference like ${beginning})`
}

import type { Context } from '../context.ts'
import { join, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import type { Mode } from '../access/key.ts'
import { Problem } from '../problem.ts'
import type { Refund } from './refund.ts'

/** Which refund, and of whom. A test key does not see live ones. */
export type RefundName = { merchant_id: string; id: string; mode?: Mode }

/** One refund. @throws a Problem when there is none of this merchant. */
export async function findRefund({ database }: Context, { merchant_id, id, mode }: RefundName): Promise<Refund> {
  const refund = await database.maybe<Refund>(
    sql`select * from refunds where merchant_id = ${merchant_id} and id = ${id}`,
  )
  if (refund && !(mode === 'test' && refund.environment === 'live')) return refund
  throw new Problem('not_found', 'There is no such refund, or it is not yours.', 'id')
}

/** What a list of refunds can be narrowed to. All given ones must hold. */
export type RefundFilter = {
  payment_id?: string
  status?: 'pending' | 'completed' | 'failed'
  since?: Date
  until?: Date
  needs_attention?: boolean
}

/** One page of a merchant's refunds, newest first; `before` is the last id of the page before it. */
export async function listRefunds(
  { database }: Context,
  {
    merchant_id,
    mode,
    filter,
    limit,
    before,
  }: { merchant_id: string; mode: Mode; filter: RefundFilter; limit: number; before?: string },
): Promise<{ refunds: Refund[]; hasMore: boolean }> {
  const conditions = [
    sql`merchant_id = ${merchant_id}`,
    mode === 'test' && sql`environment <> 'live'`,
    filter.payment_id && sql`payment_id = ${filter.payment_id}`,
    filter.status &&
      (filter.status === 'pending' ? sql`status in ('created', 'pending')` : sql`status = ${filter.status}`),
    filter.since && sql`id >= ${firstIdOf(filter.since)}`,
    filter.until && sql`id < ${firstIdOf(filter.until)}`,
    before && sql`id < ${before}`,
    filter.needs_attention !== undefined &&
      (filter.needs_attention ? sql`needs_attention is not null` : sql`needs_attention is null`),
  ].filter((condition): condition is Sql => Boolean(condition))
  const refunds = await database.query<Refund>(sql`
    select * from refunds where ${join(conditions, sql` and `)} order by id desc limit ${limit + 1}`)
  return { refunds: refunds.slice(0, limit), hasMore: refunds.length > limit }
}

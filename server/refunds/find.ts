import type { Context } from '../context.ts'
import { hasStatus, listRows, madeWithin, needsAttention, ofMerchant } from '../api/list-rows.ts'
import type { EnvironmentFilter, Listing, Page } from '../api/list-rows.ts'
import { sql } from '../database/sql.ts'
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
export type RefundFilter = EnvironmentFilter & {
  payment_id?: string
  /** The receipt of the money that goes back. */
  payment_receipt?: string
  status?: 'pending' | 'completed' | 'failed'
  since?: Date
  until?: Date
  needs_attention?: boolean
}

/** One page of a merchant's refunds, newest first. */
export function listRefunds(context: Context, listing: Listing<RefundFilter>): Promise<Page<Refund>> {
  const { filter } = listing
  const where = [
    ...ofMerchant(listing),
    ...madeWithin(filter),
    filter.payment_id && sql`payment_id = ${filter.payment_id}`,
    filter.payment_receipt && sql`payment_receipt = ${filter.payment_receipt}`,
    hasStatus(filter.status),
    needsAttention(filter.needs_attention),
  ]
  return listRows<Refund>(context, listing, { from: sql`refunds`, where })
}

import { isOfAccount } from '../accounts/named.ts'
import type { Context } from '../context.ts'
import { hasStatus, listRows, madeWithin, needsAttention, ofMerchant } from '../api/list-rows.ts'
import type { EnvironmentFilter, Listing, Page } from '../api/list-rows.ts'
import { beginningOf, phoneBeginning } from '../api/search.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import type { Mode } from '../access/key.ts'
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
export type PayoutFilter = EnvironmentFilter & {
  /** The account that they are sent from, by its id or name. */
  account?: string
  kind?: Payout['kind']
  status?: 'awaiting_approval' | 'pending' | 'completed' | 'failed' | 'returned'
  since?: Date
  until?: Date
  /** Exact for an id; the beginning of a receipt, phone, short code or reference. */
  search?: string
  phone?: string
  external_reference?: string
  batch_id?: string
  needs_attention?: boolean
}

/** One page of a merchant's payouts, newest first. */
export async function listPayouts(context: Context, listing: Listing<PayoutFilter>): Promise<Page<Payout>> {
  const { filter } = listing
  const where = [
    ...ofMerchant(listing),
    ...madeWithin(filter),
    await isOfAccount(context, listing),
    filter.kind && sql`kind = ${filter.kind}`,
    hasStatus(filter.status),
    filter.phone && sql`phone = ${filter.phone}`,
    filter.external_reference && sql`external_reference = ${filter.external_reference}`,
    filter.batch_id && sql`batch_id = ${filter.batch_id}`,
    needsAttention(filter.needs_attention),
    filter.search && searchFor(filter.search),
  ]
  return listRows<Payout>(context, listing, { from: sql`payouts`, where })
}

function searchFor(text: string): Sql {
  const id = parseId('pot', text)
  if (id) return sql`id = ${id}`
  const beginning = beginningOf(text)
  return sql`(provider_receipt like ${beginning.toUpperCase()} or phone like ${phoneBeginning(beginning)} or shortcode like ${beginning}
    or account_reference like ${beginning} or external_reference like ${beginning})`
}

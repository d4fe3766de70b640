import type { Mode } from '../access/key.ts'
import { isOfAccount } from '../accounts/named.ts'
import { listRows, madeWithin, ofMerchant } from '../api/list-rows.ts'
import type { EnvironmentFilter, Listing, Page } from '../api/list-rows.ts'
import { namedBy } from '../api/search.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { Problem } from '../problem.ts'
import type { Link } from './link.ts'

/** Which link, and of whom. A test key does not see live ones. */
export type LinkName = { merchant_id: string; id: string; mode?: Mode }

/** Links as a table, with how often each was paid. */
const links = sql`(select l.*, (select count(*)::int from payments p
  where p.merchant_id = l.merchant_id and p.link_id = l.id and p.status = 'completed') as uses from payment_links l) as links`

/** One payment link. @throws a Problem when there is none of this merchant. */
export async function findLink({ database }: Context, { merchant_id, id, mode }: LinkName): Promise<Link> {
  const link = await database.maybe<Link>(sql`select * from ${links} where merchant_id = ${merchant_id} and id = ${id}`)
  if (link && !(mode === 'test' && link.environment === 'live')) return link
  throw new Problem('not_found', 'There is no such payment link, or it is not yours.', 'id')
}

/** The link with this id, whosever it is: a page names its merchant by it alone. */
export function findLinkById({ database }: Context, id: string): Promise<Link | undefined> {
  return database.maybe<Link>(sql`select * from ${links} where id = ${id}`)
}

/** What a list of links can be narrowed to. All given ones must hold. */
export type LinkFilter = EnvironmentFilter & {
  status?: 'active' | 'ended'
  account?: string
  /** The beginnings of words of the name. */
  search?: string
  since?: Date
  until?: Date
}

/** One page of a merchant's payment links, newest first. */
export async function listLinks(context: Context, listing: Listing<LinkFilter>): Promise<Page<Link>> {
  const { filter } = listing
  const isActive = sql`(ended_at is null and (uses_max is null or uses < uses_max))`
  const where = [
    ...ofMerchant(listing),
    ...madeWithin(filter),
    filter.status && (filter.status === 'active' ? isActive : sql`not ${isActive}`),
    await isOfAccount(context, listing),
    filter.search && (namedBy(sql`name`, filter.search) ?? sql`false`),
  ]
  return listRows<Link>(context, listing, { from: links, where })
}

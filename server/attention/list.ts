import { grants } from '../access/scope.ts'
import type { Mode } from '../access/key.ts'
import type { Scope } from '../access/scope.ts'
import type { EnvironmentFilter, Page } from '../api/list-rows.ts'
import type { Context } from '../context.ts'
import { join, raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { Problem } from '../problem.ts'
import type { Item } from './item.ts'
import { shownIdOf } from './item.ts'
import { itemsOf, sources } from './source.ts'
import type { Kind, Source } from './source.ts'

/** Which part of what needs a person: whose, of what kind, and after which. */
type Listing = {
  merchant_id: string
  mode: Mode
  /** A key is shown what it may read elsewhere. */
  scopes: Scope[]
  filter: EnvironmentFilter & { kind?: Kind; since?: Date; until?: Date }
  limit: number
  after?: { since: Date; id: string }
}

/** One page of all that needs a person, the newest first: by when it began to, not by when its noun was made. */
export async function listAttention(context: Context, listing: Listing): Promise<Page<Item>> {
  const { filter, limit, after, scopes } = listing
  const asked = sources.filter(({ kind, read }) => grants(scopes, read) && (!filter.kind || filter.kind === kind))
  if (asked.length === 0) return { rows: [], hasMore: false }
  const all = asked.map((source) => waiting(source, { ...listing, environment: filter.environment }))
  const rows = await context.database.query<Item>(sql`
    select * from (${join(all, sql` union all `)}) as item
    where (${after?.since}::timestamptz is null or (since, id) < (${after?.since}, ${after?.id}::uuid))
      and (${filter.since}::timestamptz is null or since >= ${filter.since})
      and (${filter.until}::timestamptz is null or since < ${filter.until})
    order by since desc, id desc limit ${limit + 1}`)
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit }
}

/** What a merchant's key may see of a source, of one environment or of all. Of what environment something is may be unknown: then it may be live. */
export function waiting(
  source: Source,
  { merchant_id, mode, environment }: Pick<Listing, 'merchant_id' | 'mode'> & EnvironmentFilter,
): Sql {
  return sql`
    select * from (select ${itemsOf(source)} from ${raw(source.table)} t where t.merchant_id = ${merchant_id} and ${source.needs}) as ${raw(source.table)}
    where (${mode} = 'live' or environment <> 'live') and (${environment}::text is null or coalesce(environment, 'live') = ${environment})`
}

/** Where the next page begins. */
export function cursorOf(item: Item): string {
  return `${item.since.getTime()}-${shownIdOf(item)}`
}

/** @throws a Problem when no list of this kind gave the cursor. */
export function readCursor(cursor: string): { since: Date; id: string } {
  const [, ms, prefix, rest] = /^(\d{1,15})-([a-z]+)(_[0-9a-f]{32})$/.exec(cursor) ?? []
  const source = sources.find((one) => one.prefix === prefix)
  const id = source && parseId(source.prefix, `${prefix}${rest}`)
  if (!id) throw new Problem('invalid_cursor', 'A cursor is the next_cursor of the page before.', 'cursor')
  return { since: new Date(Number(ms)), id }
}

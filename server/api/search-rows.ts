import type { Context } from '../context.ts'
import { join, raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import { allOf } from './list-rows.ts'
import type { Condition, Listing, Page } from './list-rows.ts'

/** Rows whose ids are not before the one, and before the other. */
export type Span = { from: string; below: string }

/** A way in which a search finds rows, said twice. A row that is found by any of its ways is found. */
export type Way = {
  /** A query of the ids of a merchant's rows, by an index. */
  ids: Sql
  /** The same of a row that is looked at anyway, by no index. With a span, all of its rows are. */
  matches: (span?: Span) => Sql
  /** True where the index has words, of which many rows have the same: it costs as much as there are, whatever is then taken of them. */
  isOfWords?: true
}

/** What is searched: rows of a merchant that meet all conditions, and are found by one of the ways. */
type Searched = {
  /** The table, or a query of the rows under a name, whose ids are those of `table`. */
  from: Sql
  table?: Sql
  where: Condition[]
  ways: Way[]
}

type Say = (strings: TemplateStringsArray, ...values: unknown[]) => Sql
type Search = Searched & { merchant_id: string; isNarrowed: boolean; say: Say }

/** So many rows are looked through before an index is asked: what many have is among them, and no index puts it in order. */
const nearMax = 1_000
/** So many where some were found among the first, but not enough. */
const farMax = 20_000
/** So many ids of each way are looked up at once, the newest first. */
const idsMax = 250
/** So many ids are put in order for that, where their rows must meet something else too. */
const orderedMax = 20_000
/** So many rows are looked at at once. */
const rowsMax = 200

const everything: Span = {
  from: '00000000-0000-0000-0000-000000000000',
  below: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
}

/**
 * One page of what a search finds, newest first. What many rows have is soon found in the order of the list, and what few have by an
 * index; which of both it is, the newest rows tell: they are looked through first, and the indexes asked for what lies before them.
 */
export async function searchRows<Row extends { id: string }>(
  context: Context,
  listing: Listing<{ since?: Date; until?: Date }>,
  searched: Searched,
): Promise<Page<Row>> {
  const { limit, merchant_id } = listing
  const isNarrowed = isNarrowing(listing.filter)
  // What nothing but a search narrows is always the same text.
  const say: Say = isNarrowed || listing.filter.since || listing.filter.until ? sql : sql.named
  const search: Search = { ...searched, merchant_id, isNarrowed, say }
  const rows: Row[] = []
  let span = spanOf(listing)
  let near = Math.max(nearMax, 10 * limit)
  while (near > 0) {
    const bound = await idBehind(context, search, span, near)
    const found = await lookThrough<Row>(
      context,
      search,
      { from: bound ?? span.from, below: span.below },
      limit + 1 - rows.length,
    )
    rows.push(...found)
    if (bound === undefined || rows.length > limit) return pageOf(rows, limit)
    span = { from: span.from, below: bound }
    // As many as hold a page, by what was found so far; where that would be too many, the index is shorter.
    const far = Math.ceil((2 * near * (limit + 1)) / found.length)
    const isWorthMore = near < farMax && far <= farMax && !(await isKeyed(context, search, span))
    near = isWorthMore ? far : 0
  }
  rows.push(...(await lookUp<Row>(context, search, span, limit + 1 - rows.length)))
  return pageOf(rows, limit)
}

function pageOf<Row>(rows: Row[], limit: number): Page<Row> {
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit }
}

/** Whether a list is narrowed by more than a search and a time. */
function isNarrowing(filter: object): boolean {
  const within = ['search', 'since', 'until', 'environment']
  return Object.entries(filter).some(([name, value]) => value !== undefined && !within.includes(name))
}

function spanOf({ before, filter: { since, until } }: Listing<{ since?: Date; until?: Date }>): Span {
  const ends = [everything.below, before, until && firstIdOf(until)].filter((end) => end !== undefined)
  return { from: since ? firstIdOf(since) : everything.from, below: ends.toSorted()[0]! }
}

/** The id behind so many of the newest rows of a span; undefined where there are not so many. */
async function idBehind(
  { database }: Context,
  { merchant_id, table, from }: Search,
  span: Span,
  count: number,
): Promise<string | undefined> {
  const row = await database.maybe<{ id: string }>(sql.named`
    select id from ${table ?? from} where merchant_id = ${merchant_id} and id >= ${span.from} and id < ${span.below}
    order by id desc offset ${count - 1} limit 1`)
  return row?.id
}

/** Looks at every row of a span, the newest first, until enough are found. */
function lookThrough<Row>(
  { database }: Context,
  { from, where, ways, say }: Search,
  span: Span,
  missing: number,
): Promise<Row[]> {
  const isFound = join(
    ways.map(({ matches }) => matches(span)),
    sql` or `,
  )
  return database.query<Row>(say`
    select * from ${from} where id >= ${span.from} and id < ${span.below} and ${allOf(where)} and (${isFound})
    order by id desc limit ${missing}`)
}

/** True where some row of a span has what is sought as its receipt, phone or the like. */
async function isKeyed({ database }: Context, { ways }: Search, span: Span): Promise<boolean> {
  const some = ways
    .filter(({ isOfWords }) => !isOfWords)
    .map(({ ids }) => sql`exists (select from (${ids} offset 0) i where id >= ${span.from} and id < ${span.below})`)
  const { is } = await database.one<{ is: boolean }>(sql.named`select ${join(some, sql` or `)} as is`)
  return is
}

/** Finds what lies in a span by the ids that the indexes tell, the newest of each way first. */
async function lookUp<Row>(context: Context, search: Search, { from, below }: Span, missing: number): Promise<Row[]> {
  const rows: Row[] = []
  for (let next: string | undefined = below; next !== undefined && rows.length < missing;) {
    const { ids, cutAt, areAll }: Found = await idsWithin(context, search, { from, below: next })
    if (!areAll) return choose<Row>(context, search, { from, below }, missing)
    for (let at = 0; at < ids.length && rows.length < missing; at += rowsMax)
      rows.push(...(await rowsOf<Row>(context, search, ids.slice(at, at + rowsMax), missing - rows.length)))
    // What few of many rows meet has an index of its own, or none: PostgreSQL decides.
    if (cutAt !== undefined && search.isNarrowed && rows.length < missing)
      return [...rows, ...(await choose<Row>(context, search, { from, below: cutAt }, missing - rows.length))]
    next = cutAt
  }
  return rows
}

/** Ids that were found, the newest first, the one before which there may be more, and whether all of the span were looked at. */
type Found = { ids: string[]; cutAt: string | undefined; areAll: boolean }

async function idsWithin({ database }: Context, { ways, isNarrowed }: Search, span: Span): Promise<Found> {
  // Shut off from the span: PostgreSQL would rather walk along all ids of it than believe that few rows have what is sought.
  const within = (ids: Sql) => sql`select id from (${ids} offset 0) i where id >= ${span.from} and id < ${span.below}`
  const counted = (ids: Sql) => sql`select id, count(*) over () as count from (${within(ids)} limit ${orderedMax}) j`
  const asked = ways.map(
    ({ ids }, way) => sql`
      (select ${raw(String(way))} as way, * from (${isNarrowed ? counted(ids) : within(ids)}) k order by id desc limit ${idsMax})`,
  )
  const found = await database.query<{ way: number; id: string; count?: number }>(
    sql.named`${join(asked, sql` union all `)}`,
  )
  const cuts = [...Map.groupBy(found, ({ way }) => way).values()].flatMap((of) =>
    of.length < idsMax ? [] : [of.at(-1)!.id],
  )
  const cutAt = cuts.toSorted().at(-1)
  const ids = new Set(found.map(({ id }) => id).filter((id) => cutAt === undefined || id >= cutAt))
  const areAll = found.every(({ count = 0 }) => count < orderedMax)
  return { ids: [...ids].toSorted().toReversed(), cutAt, areAll }
}

function rowsOf<Row>(
  { database }: Context,
  { from, where, say }: Search,
  ids: string[],
  missing: number,
): Promise<Row[]> {
  return database.query<Row>(say`
    select * from ${from} where id = any (${ids}::uuid[]) and ${allOf(where)} order by id desc limit ${missing}`)
}

/** Finds what lies in a span in whichever way PostgreSQL takes for the shortest, the other conditions known. */
function choose<Row>(
  { database }: Context,
  { from, where, ways }: Search,
  span: Span,
  missing: number,
): Promise<Row[]> {
  const isFound = ways.map(({ matches }) => matches())
  return database.query<Row>(sql`
    select * from ${from} where id >= ${span.from} and id < ${span.below} and ${allOf(where)} and (${join(isFound, sql` or `)})
    order by id desc limit ${missing}`)
}

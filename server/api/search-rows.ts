import type { Context } from '../context.ts'
import { join, raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import { allOf } from './list-rows.ts'
import type { Condition, Listing, Page } from './list-rows.ts'
import { everything, isOfSlice, slicesWithin } from './slices.ts'
import type { Span } from './slices.ts'

/** A way in which a search finds rows, said twice. A row that is found by any of its ways is found. */
export type Way = {
  /** A query of the ids of a merchant's rows, by an index; where that lies in slices, of the rows of the slice `s.slice`. */
  ids: Sql
  /** The same of a row that is looked at anyway, by no index. With a span, all of its rows are. */
  matches: (span?: Span) => Sql
  isSliced?: true
}

/** What is searched: rows of a merchant that meet all conditions, and are found by one of the ways. */
type Searched = {
  /** The table, or a query of the rows under a name, whose ids are those of `table`. */
  from: Sql
  table?: Sql
  where: Condition[]
  ways: Way[]
  /** The fields of the filter that the ways stand for. */
  by: string[]
  /** How many of the newest rows are looked through before an index is asked: what many have is among them, and no index puts it in order. */
  near?: number
}

/** That a row is found by one of the ways. */
export function isFoundBy(ways: Way[], span?: Span): Sql {
  return sql`(${join(
    ways.map(({ matches }) => matches(span)),
    sql` or `,
  )})`
}

type Say = (strings: TemplateStringsArray, ...values: unknown[]) => Sql
type Search = Searched & { merchant_id: string; isNarrowed: boolean; say: Say }

/** So many ids are looked up at once, the newest first. */
const idsMax = 250
/** So many ids are put in order for that, where their rows must meet something else too. */
const orderedMax = 20_000
/** So many ids are looked up in vain, where their rows must meet something else too. */
const vainMax = 5_000
/** So many rows are looked at at once. */
const rowsMax = 200

/**
 * One page of what a search finds, newest first. What many rows have is soon found in the order of the list, and what few have by an
 * index; which of both it is, the newest rows tell: they are looked through first, and the indexes asked for what lies before them.
 */
export async function searchRows<Row extends { id: string }>(
  context: Context,
  listing: Listing<{ since?: Date; until?: Date }>,
  searched: Searched,
): Promise<Page<Row>> {
  const { limit, merchant_id, filter } = listing
  const { by, near = 1_000 } = searched
  const isNarrowed = isNarrowing(filter, by)
  // What nothing but a search narrows is always the same text.
  const say: Say = isNarrowed || filter.since || filter.until ? sql : sql.named
  const search: Search = { ...searched, merchant_id, isNarrowed, say }
  const { from, below } = spanOf(listing)
  const bound = await idBehind(context, search, { from, below }, Math.max(near, 10 * limit))
  const rows = await lookThrough<Row>(context, search, { from: bound ?? from, below }, limit + 1)
  if (bound !== undefined && rows.length <= limit)
    rows.push(...(await lookUp<Row>(context, search, { from, below: bound }, limit + 1 - rows.length)))
  return pageOf(rows, limit)
}

function pageOf<Row>(rows: Row[], limit: number): Page<Row> {
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit }
}

/** Whether a list is narrowed by more than what it is searched by, and a time. */
function isNarrowing(filter: object, by: string[]): boolean {
  const within = [...by, 'since', 'until', 'environment']
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
  return database.query<Row>(say`
    select * from ${from} where id >= ${span.from} and id < ${span.below} and ${allOf(where)} and ${isFoundBy(ways, span)}
    order by id desc limit ${missing}`)
}

/** Finds what lies in a span by the ids that the indexes tell, the newest first. */
async function lookUp<Row>(context: Context, search: Search, { from, below }: Span, missing: number): Promise<Row[]> {
  const rows: Row[] = []
  let [looked, count] = [0, idsMax]
  for (let next: string | undefined = below; next !== undefined && rows.length < missing;) {
    const { ids, cutAt, areAll }: Found = await idsWithin(context, search, { from, below: next }, count)
    for (let at = 0; areAll && at < ids.length && rows.length < missing; at += rowsMax)
      rows.push(...(await rowsOf<Row>(context, search, ids.slice(at, at + rowsMax), missing - rows.length)))
    if (areAll) next = cutAt
    looked += ids.length
    count *= 2
    // What few of many rows meet has an index of its own, or none: PostgreSQL decides.
    const isInVain = search.isNarrowed && (!areAll || looked > vainMax)
    if (isInVain && next !== undefined && rows.length < missing)
      return [...rows, ...(await choose<Row>(context, search, { from, below: next }, missing - rows.length))]
  }
  return rows
}

/** Ids that were found, the newest first, the one before which there may be more, and whether all of the span were looked at. */
type Found = { ids: string[]; cutAt: string | undefined; areAll: boolean }

async function idsWithin({ database }: Context, search: Search, span: Span, most: number): Promise<Found> {
  const { ways, isNarrowed, merchant_id, table, from } = search
  const sliced = ways.filter(({ isSliced }) => isSliced).map(({ ids }) => ids)
  const whole = ways.filter(({ isSliced }) => !isSliced).map(({ ids }) => ids)
  // Shut off from the span: PostgreSQL would rather walk along all ids of it than believe that few rows have what is sought.
  const within = (ids: Sql) => sql`select id from (${ids} offset 0) i where id >= ${span.from} and id < ${span.below}`
  const counted = (ids: Sql) => sql`select id, count(*) over () as count from (${within(ids)} limit ${orderedMax}) j`
  const uncounted = (ids: Sql) => sql`select id, 0 as count from (${ids}) j`
  // A slice is looked at when those before it were not enough, and they come in their order.
  const inSlices = sql`
    select i.id from (${slicesWithin(table ?? from, merchant_id, span)} offset 0) s
    cross join lateral (${within(join(sliced, sql` union all `))} order by id desc limit ${most}) i limit ${most}`
  const parts = [
    ...(sliced.length > 0 ? [uncounted(inSlices)] : []),
    ...whole.map((ids) => (isNarrowed ? counted(ids) : uncounted(within(ids)))),
  ]
  const asked = parts.map(
    (part, way) => sql`(select ${raw(String(way))} as way, * from (${part}) k order by id desc limit ${most})`,
  )
  const found = await database.query<{ way: number; id: string; count: number }>(
    sql.named`${join(asked, sql` union all `)}`,
  )
  const cuts = [...Map.groupBy(found, ({ way }) => way).values()].flatMap((of) =>
    of.length < most ? [] : [of.at(-1)!.id],
  )
  const cutAt = cuts.toSorted().at(-1)
  const ids = new Set(found.map(({ id }) => id).filter((id) => cutAt === undefined || id >= cutAt))
  const areAll = found.every(({ count }) => count < orderedMax)
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
  { from, table, where, ways, merchant_id }: Search,
  span: Span,
  missing: number,
): Promise<Row[]> {
  // All slices are named, so that an index in which they stand can be chosen too.
  const isSliced = isOfSlice(sql`id`, sql`any (array(${slicesWithin(table ?? from, merchant_id, span)}))`)
  return database.query<Row>(sql`
    select * from ${from} where id >= ${span.from} and id < ${span.below} and ${isSliced} and ${allOf(where)} and ${isFoundBy(ways)}
    order by id desc limit ${missing}`)
}

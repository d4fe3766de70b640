import { setTimeout } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { join, raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { isTooSlow, look } from './finding.ts'

/** How a table is judged, row by row. */
export type Judged = {
  table: string
  /**
   * What stands beside each row `s`, by the name that it has in the conditions: the select of at most one row for each, with its
   * `merchant_id` and `id`, of all rows in a range at once.
   */
  beside: Record<string, (range: Range) => Sql>
  /** Whether what stands beside a row is found by looking for each row, as where there is nearly never anything. */
  looksUp?: boolean
  /** SQL over `s` and what stands beside it, true for a row at which something is wrong. */
  broken: Sql[]
}

/** Condition over two columns that together name a row of the table: whether it lies in the slice. */
export type Range = (merchant_id: Sql, id: Sql) => Sql

/** A row of a table of a merchant's data. */
export type Name = { merchant_id: string; id: string }

/** How many rows were looked at; for each condition how many it is true of; and those that it is true of, in their order. */
export type Judgement = { looked: number; counts: number[]; wrong: (Name & { broken: number[] })[] }

/** Rows of one merchant, the last of them named, and the condition that they alone fulfil. */
type Slice = Name & { range: Range; isFew: boolean }

/** The next slice behind a row, of so many rows. Undefined where none follow. */
type Next = (last: Name, size: number) => Promise<Slice | undefined>

const nil = '00000000-0000-0000-0000-000000000000'
const max = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const sizeFirst = 2_000
const sizeMin = 20
const sizeMax = 20_000
/** How long a slice should take; one that takes ten times as long is ended, and begun again with fewer rows. */
const tookMsWanted = 500
const patienceMs = 5_000
/** Between two slices it rests for this share of what the one took: payments come first. */
const restShare = 0.5
/** As many rows at which something is wrong are named. */
export const wrongMax = 1_000

/**
 * Judges every row of a table by all its conditions, or `only` some, a slice of the primary key at a time: as many rows as take half a
 * second, fewer where that proves to be too many.
 * @throws PostgreSQL's word for a statement that was ended, when even a few rows take too long.
 */
export async function judge(context: Context, judged: Judged, only?: Name[]): Promise<Judgement> {
  const found: Judgement = { looked: 0, counts: judged.broken.map(() => 0), wrong: [] }
  await context.database.eachPart((database) => judgePart({ ...context, database }, { judged, only, found }))
  return found
}

/** Adds to what was found what one part of what merchants have is judged to be. */
async function judgePart(
  context: Context,
  { judged, only, found }: { judged: Judged; only: Name[] | undefined; found: Judgement },
): Promise<void> {
  const next = only ? among(only) : alongKey(context, judged.table)
  let size = sizeFirst
  for (let last: Name = { merchant_id: nil, id: nil }; ;) {
    const slice = await next(last, size)
    if (!slice) return
    const begunAt = context.clock.now().getTime()
    const judgement = await unlessEnded(judgeSlice(context, judged, slice), size)
    const tookMs = context.clock.now().getTime() - begunAt
    size = judgement ? sized(size, tookMs) : Math.max(sizeMin, size >> 3)
    await setTimeout(tookMs * restShare)
    if (!judgement) continue
    const { looked, counts, wrong } = judgement
    found.looked += looked
    found.counts = found.counts.map((count, index) => count + counts[index]!)
    found.wrong.push(...wrong.map((row) => ({ merchant_id: slice.merchant_id, ...row })))
    last = slice
  }
}

/** How many rows to take next: those that would have taken as long as wanted, and at most twice as many as now. */
function sized(size: number, tookMs: number): number {
  const wanted = tookMs === 0 ? size * 2 : Math.round((size * tookMsWanted) / tookMs)
  return Math.min(sizeMax, Math.max(sizeMin, Math.min(wanted, size * 2)))
}

async function unlessEnded<Answer>(asked: Promise<Answer>, size: number): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isTooSlow(error) && size > sizeMin) return undefined
    throw error
  }
}

/** All rows of a table, by its key: so many of a merchant, or what is left of theirs. */
function alongKey(context: Context, table: string): Next {
  return async (last, size) => {
    const [slice] = await look<Name & { after: string }>(
      context,
      sql`
      select f.merchant_id, f.after, coalesce((select id from ${raw(table)} t
        where t.merchant_id = f.merchant_id and t.id > f.after order by t.id limit 1 offset ${size - 1}), ${max}) as id
      from (select merchant_id, case merchant_id when ${last.merchant_id}::uuid then ${last.id}::uuid else ${nil} end as after
        from ${raw(table)} where (merchant_id, id) > (${last.merchant_id}, ${last.id}) order by merchant_id, id limit 1) f`,
    )
    if (!slice) return undefined
    const { merchant_id: of, id: until, after } = slice
    return {
      ...slice,
      isFew: false,
      range: (merchant_id, id) => sql`${merchant_id} = ${of} and ${id} > ${after} and ${id} <= ${until}`,
    }
  }
}

/** These rows and no others. */
function among(names: Name[]): Next {
  const sorted = names.toSorted((left, right) => (isBehind(left, right) ? 1 : -1))
  return async (last, size) => {
    const start = sorted.findIndex((name) => isBehind(name, last))
    if (start < 0) return undefined
    const { merchant_id: of } = sorted[start]!
    const rows = sorted.slice(start, start + size).filter((name) => name.merchant_id === of)
    const ids = rows.map(({ id }) => id)
    return {
      ...rows.at(-1)!,
      isFew: true,
      range: (merchant_id, id) => sql`${merchant_id} = ${of} and ${id} = any (${ids}::uuid[])`,
    }
  }
}

function isBehind(one: Name, other: Name): boolean {
  return one.merchant_id === other.merchant_id ? one.id > other.id : one.merchant_id > other.merchant_id
}

type Found = { looked: number; counts: number[]; wrong: { id: string; broken: number[] }[] }

/** Judges the rows of one slice. What stands beside them is read as a range of its own index, once, and not for each row. */
async function judgeSlice(
  context: Context,
  { table, beside, looksUp = false, broken }: Judged,
  { range, isFew }: Slice,
): Promise<Found> {
  const names = Object.keys(beside).map(raw)
  const besides = Object.values(beside).map(
    (select, index) => sql`${names[index]!} as materialized (${select(range)}),`,
  )
  const joined = names.map(
    (name) => sql`left join ${name} on ${name}.merchant_id = s.merchant_id and ${name}.id = s.id`,
  )
  const numbers = broken.map((_, index) => raw(String(index)))
  const which = broken.map((one, index) => sql`case when ${one} then ${numbers[index]!} end`)
  const [found] = await look<Found>(
    context,
    sql`
    with ${join(besides, sql` `)}
    judged as materialized (
      select s.id, array_remove(array[${join(which, sql`, `)}]::int[], null) as broken
      from ${raw(table)} s ${join(joined, sql` `)} where ${range(sql`s.merchant_id`, sql`s.id`)}
    )
    select count(*)::int as looked, array[${join(
      numbers.map((number) => sql`count(*) filter (where ${number} = any (broken))::int`),
      sql`, `,
    )}] as counts,
      (select coalesce(json_agg(w), '[]') from (
        select id, broken from judged where cardinality(broken) > 0 order by id limit ${wrongMax + 1}) w) as wrong
    from judged`,
    // How many ids lie in a range PostgreSQL cannot guess: it takes them for one, and would compare each row with each.
    { patienceMs, nestsLoops: looksUp || isFew },
  )
  return found!
}

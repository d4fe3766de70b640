import type { Context } from '../context.ts'
import { join, raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { examplesMax, isTooSlow, look } from './finding.ts'

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

/** For each condition, how many rows it is true of, and some of them. */
export type Judgement = { count: number; examples: string[] }

/** Rows of one merchant, behind the id of one and until that of another. */
type Slice = { merchant_id: string; after: string; until: string }

const nil = '00000000-0000-0000-0000-000000000000'
const max = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const sizeFirst = 2_000
const sizeMin = 20
const sizeMax = 20_000
/** How long a slice should take; one that takes ten times as long is ended, and begun again with fewer rows. */
const tookMsWanted = 500
const patienceMs = 5_000

/**
 * Judges every row of a table by all its conditions, a slice of the primary key at a time: as many rows as take half a second,
 * fewer where that proves to be too many.
 * @throws PostgreSQL's word for a statement that was ended, when even a few rows take too long.
 */
export async function judge(context: Context, judged: Judged): Promise<Judgement[]> {
  const judgements: Judgement[] = judged.broken.map(() => ({ count: 0, examples: [] }))
  await context.database.eachPart((database) => judgePart({ ...context, database }, judged, judgements))
  return judgements
}

/** Adds to `judgements` what one part of what merchants have is judged to be. */
async function judgePart(context: Context, judged: Judged, judgements: Judgement[]): Promise<void> {
  let size = sizeFirst
  for (let last = { merchant_id: nil, until: nil }; ;) {
    const begunAt = context.clock.now().getTime()
    const slice = await findNext(context, judged.table, { last, size })
    if (!slice) return
    const judgement = await unlessEnded(judgeSlice(context, judged, slice), size)
    size = judgement ? sized(size, context.clock.now().getTime() - begunAt) : Math.max(sizeMin, size >> 3)
    if (!judgement) continue
    for (const [index, { count, examples }] of judgements.entries()) {
      judgements[index]!.count = count + judgement.counts[index]!
      examples.push(...(judgement.examples[index] ?? []))
    }
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

/** The next slice behind another: so many rows of a merchant, or what is left of theirs. Undefined where none follow. */
async function findNext(
  context: Context,
  table: string,
  { last, size }: { last: Pick<Slice, 'merchant_id' | 'until'>; size: number },
): Promise<Slice | undefined> {
  const [slice] = await look<Slice>(
    context,
    sql`
    select f.merchant_id, f.after, coalesce((select id from ${raw(table)} t
      where t.merchant_id = f.merchant_id and t.id > f.after order by t.id limit 1 offset ${size - 1}), ${max}) as until
    from (select merchant_id, case merchant_id when ${last.merchant_id}::uuid then ${last.until}::uuid else ${nil} end as after
      from ${raw(table)} where (merchant_id, id) > (${last.merchant_id}, ${last.until}) order by merchant_id, id limit 1) f`,
  )
  return slice
}

type Found = { counts: number[]; examples: (string[] | null)[] }

/** Judges the rows of one slice. What stands beside them is read as a range of its own index, once, and not for each row. */
async function judgeSlice(
  context: Context,
  { table, beside, looksUp = false, broken }: Judged,
  slice: Slice,
): Promise<Found> {
  const range: Range = (merchant_id, id) =>
    sql`${merchant_id} = ${slice.merchant_id} and ${id} > ${slice.after} and ${id} <= ${slice.until}`
  const names = Object.keys(beside).map(raw)
  const besides = Object.values(beside).map(
    (select, index) => sql`${names[index]!} as materialized (${select(range)}),`,
  )
  const joined = names.map(
    (name) => sql`left join ${name} on ${name}.merchant_id = s.merchant_id and ${name}.id = s.id`,
  )
  const numbers = broken.map((_, index) => raw(String(index + 1)))
  const [found] = await look<Found>(
    context,
    sql`
    with ${join(besides, sql` `)}
    judged as materialized (
      select s.id, array[${join(
        broken.map((one) => sql`coalesce((${one}), false)`),
        sql`, `,
      )}] as broken
      from ${raw(table)} s ${join(joined, sql` `)} where ${range(sql`s.merchant_id`, sql`s.id`)}
    )
    select array[${join(
      numbers.map((number) => sql`count(*) filter (where broken[${number}])::int`),
      sql`, `,
    )}] as counts,
      json_build_array(${join(
        numbers.map((number) => sql`(array_agg(id) filter (where broken[${number}]))[1:${raw(String(examplesMax))}]`),
        sql`, `,
      )}) as examples
    from judged`,
    // How many ids lie in a range PostgreSQL cannot guess: it takes them for one, and would compare each row with each.
    { patienceMs, nestsLoops: looksUp },
  )
  return found!
}

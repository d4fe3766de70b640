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
  /** SQL over `s` and what stands beside it, true for a row at which something is wrong. */
  broken: Sql[]
}

/** Condition over two columns that together name a row of the table: whether it lies in the slice. */
export type Range = (merchant_id: Sql, id: Sql) => Sql

/** For each condition, how many rows it is true of, and some of them. */
export type Judgement = { count: number; examples: string[] }

type Place = { merchant_id: string; id: string }

const before: Place = {
  merchant_id: '00000000-0000-0000-0000-000000000000',
  id: '00000000-0000-0000-0000-000000000000',
}
const behind: Place = {
  merchant_id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
}

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
  let size = sizeFirst
  for (let last = before; last !== behind;) {
    const begunAt = context.clock.now().getTime()
    const until = await findEnd(context, judged.table, { last, size })
    const slice = await unlessEnded(judgeSlice(context, judged, { last, until }), size)
    size = slice ? sized(size, context.clock.now().getTime() - begunAt) : Math.max(sizeMin, size >> 3)
    if (!slice) continue
    for (const [index, { count, examples }] of judgements.entries()) {
      judgements[index]!.count = count + slice.counts[index]!
      examples.push(...(slice.examples[index] ?? []))
    }
    last = until
  }
  return judgements
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

/** The last of so many rows behind a place; where there are fewer, what lies behind all of them. */
async function findEnd(context: Context, table: string, { last, size }: { last: Place; size: number }): Promise<Place> {
  const [row] = await look<Place>(
    context,
    sql`select merchant_id, id from ${raw(table)} where (merchant_id, id) > (${last.merchant_id}, ${last.id})
      order by merchant_id, id limit 1 offset ${size - 1}`,
  )
  return row ?? behind
}

type Slice = { counts: number[]; examples: (string[] | null)[] }

/** Judges the rows of one slice. What stands beside them is read as a range of its own index, once, and not for each row. */
async function judgeSlice(
  context: Context,
  { table, beside, broken }: Judged,
  { last, until }: { last: Place; until: Place },
): Promise<Slice> {
  const range: Range = (merchant_id, id) =>
    last.merchant_id === until.merchant_id
      ? sql`${merchant_id} = ${last.merchant_id} and ${id} > ${last.id} and ${id} <= ${until.id}`
      : sql`${merchant_id} between ${last.merchant_id} and ${until.merchant_id}
        and (${merchant_id}, ${id}) > (${last.merchant_id}, ${last.id}) and (${merchant_id}, ${id}) <= (${until.merchant_id}, ${until.id})`
  const joined = Object.entries(beside).map(
    ([name, select]) =>
      sql`left join (${select(range)}) ${raw(name)} on ${raw(name)}.merchant_id = s.merchant_id and ${raw(name)}.id = s.id`,
  )
  const numbers = broken.map((_, index) => raw(String(index + 1)))
  const [slice] = await look<Slice>(
    context,
    sql`
    with judged as (
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
    { patienceMs },
  )
  return slice!
}

import { sources } from '../attention/source.ts'
import type { Kind, Source } from '../attention/source.ts'
import { noId } from '../access/audit-seal.ts'
import type { Context } from '../context.ts'
import { installationTables } from '../database/spread.ts'
import { join, raw, sql } from '../database/sql.ts'
import { look } from './finding.ts'

/** How many things of a kind wait for a person. */
export type Waiting = { kind: Kind; count: number }

/** Counts all that waits for a person, of all merchants and of each kind; no further than `most` on each part. */
export async function countWaiting(context: Context, most: number): Promise<Waiting[]> {
  const isOfInstallation = ({ table }: Source) => installationTables.some((name) => name === table)
  const ofMerchants = sources.filter((source) => !isOfInstallation(source))
  const parts = await context.database.eachPart((database) => countIn({ ...context, database }, ofMerchants, most))
  const counts = new Map<Kind, number>()
  for (const { kind, count } of parts.flat()) counts.set(kind, (counts.get(kind) ?? 0) + count)
  for (const source of sources.filter(isOfInstallation))
    counts.set(source.kind, await countOfAll(context, source, most))
  return sources.map(({ kind }) => ({ kind, count: counts.get(kind) ?? 0 }))
}

function countIn(context: Context, of: Source[], most: number): Promise<Waiting[]> {
  const counts = of.map(
    ({ kind, table, needs }) => sql`
      select ${kind}::text as kind, count(*)::int as count from (select from ${raw(table)} t where ${needs} limit ${most}) as needing`,
  )
  return look<Waiting>(context, join(counts, sql` union all `))
}

/**
 * The rows of a table that is whole beside every part: each part knows of its own merchants only what needs nobody, so that a row
 * counts where all parts have it. They are compared page by page, as far as all parts have told theirs.
 */
async function countOfAll(context: Context, { table, needs }: Source, most: number): Promise<number> {
  let count = 0
  let after: string | undefined = noId
  while (after !== undefined && count < most) {
    const from: string = after
    const pages = await context.database.eachPart(async (database) => {
      const rows = await look<{ id: string }>(
        { ...context, database },
        sql`select t.id from ${raw(table)} t where ${needs} and t.id > ${from} order by t.id limit ${most}`,
      )
      return rows.map(({ id }) => id)
    })
    const told = pages.flatMap((page) => (page.length < most ? [] : [page.at(-1)!])).sort()
    const until = (after = told[0])
    const [first, ...others] = pages.map((page) => new Set(page))
    for (const id of first!) if ((until === undefined || id <= until) && others.every((other) => other.has(id))) count++
  }
  return Math.min(count, most)
}

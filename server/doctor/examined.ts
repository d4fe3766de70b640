import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import { look } from './finding.ts'
import { wrongMax } from './slices.ts'
import type { Name } from './slices.ts'

/** How far a table was looked at: all that was made or changed before was right, but for some rows. */
export type Examined = { until: Date; wrong: Name[] }

/**
 * What is in the tables later than its id says: no statement takes so long, no clock of a node is so far off, and no callback waits
 * on disk for a database for longer, as a rule.
 */
const slackMs = 48 * 3_600_000
/** Where more has changed, all is looked at. */
const changedMax = 200_000

/** How far a table was looked at before; undefined where it was not. */
export async function findExamined(context: Context, name: string): Promise<Examined | undefined> {
  const [found] = await look<Examined>(context, sql`select until, wrong from examined where name = ${name}`)
  return found
}

/**
 * The rows of a table that must be looked at again: those that were wrong, and those that were made or changed since. `changed` is the
 * select of their `merchant_id` and `id` from an id on. Undefined where they are too many to be looked at one by one.
 */
export async function findChanged(
  context: Context,
  { until, wrong }: Examined,
  changed: (since: Sql) => Sql,
): Promise<Name[] | undefined> {
  const since = sql`${firstIdOf(later(until, -slackMs))}::uuid`
  const query = sql`select distinct merchant_id, id from (${changed(since)}) changed limit ${changedMax + 1}`
  const parts = await context.database.eachPart((database) => look<Name>({ ...context, database }, query))
  const rows = parts.flat()
  if (rows.length > changedMax) return undefined
  return [...new Map([...rows, ...wrong].map((name) => [name.id, name])).values()]
}

/** Remembers how far a table was looked at. Where too much is wrong to name it all, it is looked at anew the next time. */
export async function keepExamined({ database }: Context, name: string, { until, wrong }: Examined): Promise<void> {
  if (wrong.length > wrongMax) {
    await database.query(sql`delete from examined where name = ${name}`)
    return
  }
  await database.query(sql`
    insert into examined (name, until, wrong) values (${name}, ${until}, ${JSON.stringify(wrong)})
    on conflict (name) do update set until = excluded.until, wrong = excluded.wrong`)
}

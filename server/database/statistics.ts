import type { Context } from '../context.ts'
import type { Sweep } from './due.ts'
import { raw, sql } from './sql.ts'
import type { Queryable, Sql } from './sql.ts'

const everyMs = 5_000
const rowsMin = 500
const pagesMin = 40

/**
 * Has PostgreSQL look anew at tables that have filled: it would go on with plans that it made when they were empty. Its own autovacuum
 * does so once a minute, which is too late where thousands of payments come in the first; with each look the next is twice as far.
 */
export const keepStatistics: Sweep = {
  name: 'statistics',
  everyMs,
  run: ({ database }: Context) => analyze(database, hasFilled).then(() => 0),
}

const hasFilled = sql`s.n_mod_since_analyze > greatest(c.reltuples, ${rowsMin})
  or (c.reltuples < 0 and pg_relation_size(c.oid) > ${pagesMin} * current_setting('block_size')::int)`

/** Looks anew at all that has been looked at before: after a migration, which may have changed any of it. */
export async function analyzeAgain(database: Queryable): Promise<void> {
  await analyze(database, sql`c.reltuples > 0`)
}

// A table that holds nothing is left alone: PostgreSQL takes one that was never looked at for larger than that.
async function analyze(database: Queryable, which: Sql): Promise<void> {
  const tables = await database.query<{ name: string }>(sql`
    select s.relid::regclass::text as name from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    where s.schemaname = current_schema() and c.relkind = 'r' and (${which})
    order by s.relid`)
  for (const { name } of tables) await database.query(raw(`analyze (skip_locked) ${name}`))
}

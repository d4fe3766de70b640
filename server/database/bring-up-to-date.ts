import { CannotStart } from '../cannot-start.ts'
import { explainDatabase } from './explain.ts'
import { migrate } from './migrate.ts'
import { connect } from './connect.ts'
import { sql } from './sql.ts'
import type { Queryable } from './sql.ts'
import { analyzeAgain } from './statistics.ts'

const oldest = 150_000

/**
 * Opens a database for the first time in this process: sees that it is a PostgreSQL that Lango can use, and brings its schema up
 * to date. Answers the names of the migrations that were applied. A migration takes the time that it takes.
 * @throws CannotStart, a sentence that names what is wrong.
 */
export async function bringUpToDate(url: string): Promise<string[]> {
  const database = connect(url, { connections: 2, isForWriting: true })
  try {
    await requireVersion(database)
    const applied = await migrate(database)
    if (applied.length > 0) await analyzeAgain(database)
    return applied
  } catch (error) {
    throw explainDatabase(error, url)
  } finally {
    await database.end()
  }
}

async function requireVersion(database: Queryable): Promise<void> {
  const { number, name } = await database.one<{ number: number; name: string }>(
    sql`select current_setting('server_version_num')::int as number, current_setting('server_version') as name`,
  )
  if (number >= oldest) return
  throw new CannotStart(
    `DATABASE_URL leads to PostgreSQL ${name}, and Lango needs 15 or newer. Upgrade it, or name another.`,
  )
}

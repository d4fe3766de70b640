import { CannotStart } from '../cannot-start.ts'
import { migrationLock } from './migrate.ts'
import { hasCitus, spread } from './spread.ts'
import { connect } from './connect.ts'
import { sql } from './sql.ts'
import type { Database, Queryable } from './sql.ts'

/**
 * Spreads the tables of a database over the machines of its Citus: those of the installation whole to each of them, those of
 * merchants by `merchant_id`, so that all that one merchant has stands together. With what they hold, and all or nothing; whoever
 * writes meanwhile waits. What is spread already stays as it is. Answers the names of the tables that were spread now.
 * @throws CannotStart, a sentence, where there is no Citus.
 */
export async function distribute(database: Database): Promise<string[]> {
  await requireCitus(database)
  return database.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(${migrationLock}::bigint)`)
    return spread(transaction)
  })
}

/** The same for the database at an address. */
export async function distributeTables(url: string): Promise<string[]> {
  const database = connect(url, { connections: 1 })
  try {
    return await distribute(database)
  } finally {
    await database.end()
  }
}

async function requireCitus(database: Queryable): Promise<void> {
  if (await hasCitus(database)) return
  throw new CannotStart(
    'This database has no Citus, so its tables cannot be spread over several machines. Where PostgreSQL runs with Citus, type "create extension citus" in this database, add the workers with citus_add_node, and try again.',
  )
}

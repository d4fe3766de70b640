import { readFile, readdir } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { inTurn, isDistributed, spread } from './spread.ts'
import { raw, sql } from './sql.ts'
import type { Database, Queryable, Transaction } from './sql.ts'

const folder = new URL('./migrations/', import.meta.url)
/** Held by whoever changes the schema. */
export const migrationLock = 52_646
/** A migration that waits for a table holds up everybody behind it: so it waits a moment, lets them pass, and comes again. */
const lockMsMax = 300
const pauseMs = 1_000
const turnsMax = 3_000

/**
 * Brings the schema up to date: applies each file of `migrations/` that the database has not seen, in order, each in a transaction of
 * its own, but for those that build or drop indexes `concurrently`, which no transaction can. Safe to call from many nodes at once: an
 * advisory lock makes them take turns. Safe beneath nodes at work: whoever reads a table for long, such as a backup, is waited for
 * without holding up the others. Takes two connections. Answers the names of what was applied.
 * @throws when a migration fails, when it found no gap within an hour, or when the database is newer than this program.
 */
export async function migrate(database: Database): Promise<string[]> {
  const applied: string[] = []
  for (const file of await pendingMigrations(database)) {
    if (await inAGap(() => apply(database, file))) applied.push(file)
  }
  const files = await listMigrations()
  const seen = await database.query<{ name: string }>(sql`select name from migrations order by name`)
  const unknown = seen.filter((row) => !files.includes(row.name))
  if (unknown.length > 0) {
    throw new Error(
      `The database was made by a newer Lango (it has ${unknown[0]!.name}). Start that version, or restore a backup.`,
    )
  }
  return applied
}

/** Applies one migration, unless the database has seen it; answers whether it had not. */
async function apply(database: Database, file: string): Promise<boolean> {
  const text = await migrationText(file)
  return database.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(${migrationLock}::bigint)`)
    await transaction.query(
      raw(
        'create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())',
      ),
    )
    if (await transaction.maybe(sql`select 1 from migrations where name = ${file}`)) return false
    await transaction.query(raw(`set local lock_timeout = ${lockMsMax}`))
    if (concurrently.test(text)) {
      await applyConcurrently(database, text)
      await note(transaction, file)
    } else await applyMigration(transaction, file, text)
    return true
  })
}

/** Each by itself, as Citus asks for it. What stands in quotes, in a body or behind `--` ends none. */
const statements = /(?:'[^']*'|(\$\w*\$)[\s\S]*?\1|--.*|[^;])+/g

/** Applies one migration, and spreads the tables that it makes where those before them are spread. */
export async function applyMigration(transaction: Transaction, name: string, text: string): Promise<void> {
  const isSpread = await isDistributed(transaction)
  if (isSpread) await inTurn(transaction)
  for (const [statement] of text.matchAll(statements)) await transaction.query(raw(statement))
  if (isSpread) await spread(transaction)
  await note(transaction, name)
}

async function note(transaction: Transaction, name: string): Promise<void> {
  await transaction.query(sql`insert into migrations (name) values (${name})`)
}

const concurrently = /\bindex concurrently (?:if exists )?(\w+)/

/** Builds and drops indexes beside those who write: over a large table that takes minutes. Nothing else may stand in such a file. */
async function applyConcurrently(database: Database, text: string): Promise<void> {
  for (const [statement] of text.matchAll(statements)) {
    const [, name] = concurrently.exec(statement) ?? []
    if (!name) continue
    // An attempt that was broken off leaves half an index.
    await database.query(raw(`drop index concurrently if exists ${name}`))
    if (!/\bdrop index\b/.test(statement)) await database.query(raw(statement))
  }
}

/** Tries again while somebody else holds what is wanted. Of an attempt at most half an index remains, which the next one drops. */
async function inAGap<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let turn = 1; ; turn++) {
    try {
      return await attempt()
    } catch (error) {
      const isHeld = ['55P03', '40P01'].includes((error as { code?: string }).code ?? '')
      if (!isHeld || turn === turnsMax) throw error
    }
    await pause(pauseMs)
  }
}

/** The migrations that a database has not seen yet. Changes nothing. */
export async function pendingMigrations(database: Queryable): Promise<string[]> {
  const [table] = await database.query<{ name: string | null }>(sql`select to_regclass('migrations') as name`)
  const seen = table!.name ? await database.query<{ name: string }>(sql`select name from migrations`) : []
  return (await listMigrations()).filter((file) => !seen.some(({ name }) => name === file))
}

/** The names of all migrations, in their order. */
export async function listMigrations(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
}

/** The SQL of one of them. */
export function migrationText(name: string): Promise<string> {
  return readFile(new URL(name, folder), 'utf8')
}

/** The same for a transaction, over tables that are empty: no index of them is built for long. */
export async function migrationTextWithin(name: string): Promise<string> {
  return (await migrationText(name)).replaceAll(' index concurrently ', ' index ')
}

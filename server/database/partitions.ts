import { firstIdOf } from '../id.ts'
import { join, raw, sql } from './sql.ts'
import type { Queryable, Sql } from './sql.ts'

const tables = ['evidence', 'callbacks']
const monthsAhead = 3

/**
 * Makes the monthly partitions of the append-only tables, from the month of `now` to three months ahead.
 * Safe to call at any time: what exists is left alone.
 */
export async function makePartitions(database: Queryable, now: Date): Promise<void> {
  const months = Array.from({ length: monthsAhead + 1 }, (_, ahead) => monthOf(now, ahead))
  const statements = tables.flatMap((table) => months.map((month) => partition(table, month)))
  await database.query(join(statements, raw(';\n')))
}

/** True when PostgreSQL refused a row because the partition of its month is missing. */
export function isPartitionMissing(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === '23514' && message?.startsWith('no partition of relation') === true
}

/** How a partition of this name is made, as `evidence_2026_11`; undefined for a name that is none. */
export function partitionNamed(name: string): string | undefined {
  const [, table, year, month] = /^([a-z_]+)_(\d{4})_(\d{2})$/.exec(name) ?? []
  if (!table || !tables.includes(table)) return undefined
  return partition(table, monthOf(new Date(`${year}-${month}-01T00:00:00Z`), 0)).strings.join('')
}

/** The partitions of a table that end before the month of `oldest`, the oldest first. */
export async function partitionsBefore(database: Queryable, table: string, oldest: Date): Promise<string[]> {
  const found = await database.query<{ name: string }>(sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${table}::regclass order by c.relname`)
  const names = found.map(({ name }) => name).filter((name) => partitionNamed(name))
  return names.filter((name) => name < `${table}_${monthOf(oldest, 0).name}`)
}

function partition(table: string, { name, from, until }: { name: string; from: Date; until: Date }): Sql {
  return raw(
    `create table if not exists ${table}_${name} partition of ${table} for values from ('${firstIdOf(from)}') to ('${firstIdOf(until)}')`,
  )
}

function monthOf(now: Date, ahead: number) {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead))
  const until = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1))
  return { name: from.toISOString().slice(0, 7).replace('-', '_'), from, until }
}

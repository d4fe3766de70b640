import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { listMigrations, migrationTextWithin } from '../database/migrate.ts'
import { partitionNamed } from '../database/partitions.ts'
import { inOneTransaction } from './client.ts'
import { BadBackup } from './envelope.ts'
import type { BackupKey } from './envelope.ts'
import type { Frame } from './frames.ts'
import { named } from './layout.ts'
import type { Layout, TableLayout } from './layout.ts'
import { addUp, compare } from './manifest.ts'
import type { Held, Manifest } from './manifest.ts'
import { framesIn } from './read.ts'
import { stripTables } from './strip.ts'

/**
 * Brings a backup into an empty database, all of it or nothing: the tables as its migrations make them, its rows, and its sums
 * compared with what stands there then. The schema is as old as the backup; whoever starts Lango brings it up to date.
 * @throws BadBackup when the file is not what was written, and a sentence when the database is not empty.
 */
export async function restoreBackup(url: string, { file, key }: { file: string; key: BackupKey }): Promise<Manifest> {
  return inOneTransaction(url, 'read write', async (client) => {
    await refuseFull(client)
    const frames = framesIn(file, key)
    const first = await frames.next()
    if (first.done || first.value.kind !== 'layout')
      throw new BadBackup('The backup does not say how its tables are made.')
    const { layout } = first.value
    await makeTables(client, layout)
    const putBack = await stripTables(client)
    await client.query(`truncate ${layout.tables.map((table) => named(table).table).join(', ')}`)
    const { found, manifest } = await copyAll(client, layout, frames)
    for (const statement of putBack) await client.query(statement)
    const [wrong] = compare(manifest, { tables: found, sums: await addUp(client) })
    if (wrong) throw new BadBackup(`What was restored is not what was backed up, and was taken back: ${wrong}`)
    return manifest
  })
}

async function refuseFull(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string; database: string }>(`
    select relname as name, current_database() as database from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') order by relname limit 3`)
  if (rows.length === 0) return
  const names = rows.map(({ name }) => name).join(', ')
  throw new Error(
    `A backup is restored into an empty database only, and ${rows[0]!.database} has tables (${names} …). Nothing was changed. Name an empty one: a new LANGO_HOME, or a DATABASE_URL that createdb has just made.`,
  )
}

/** Applies the migrations that the backup has seen, and makes its partitions. */
async function makeTables(client: Client, { migrations, partitions }: Layout): Promise<void> {
  const known = await listMigrations()
  const unknown = migrations.find((name) => !known.includes(name))
  if (unknown)
    throw new BadBackup(
      `A newer Lango made this backup (it has ${unknown}). Restore it with that version, or a newer one.`,
    )
  await client.query('create table migrations (name text primary key, applied_at timestamptz not null default now())')
  for (const name of migrations) {
    await client.query(await migrationTextWithin(name))
    await client.query('insert into migrations (name) values ($1)', [name])
  }
  for (const name of partitions) {
    const statement = partitionNamed(name)
    if (!statement) throw new BadBackup(`The backup has a partition ${name}, which this Lango cannot make.`)
    await client.query(statement)
  }
}

async function copyAll(
  client: Client,
  layout: Layout,
  frames: AsyncGenerator<Frame>,
): Promise<{ found: Held[]; manifest: Manifest }> {
  const found: Held[] = []
  for (let next = await frames.next(); !next.done; next = await frames.next()) {
    const frame = next.value
    if (frame.kind === 'manifest') {
      // What stands behind the manifest is looked at too: that nothing does.
      await frames.next()
      return { found, manifest: frame.manifest }
    }
    const table = frame.kind === 'table' && layout.tables.find((one) => one.table === frame.table)
    if (!table) throw new BadBackup('The backup cannot be read: it holds rows of no table.')
    found.push(await copyIn(client, table, frames))
  }
  throw new BadBackup('The backup ends before its manifest: it was never finished.')
}

async function copyIn(client: Client, layout: TableLayout, frames: AsyncGenerator<Frame>): Promise<Held> {
  const { table, columns } = named(layout)
  const copy = client.query(copyFrom(`copy ${table} (${columns}) from stdin`))
  const hash = createHash('sha256')
  async function* rows(): AsyncGenerator<Buffer> {
    for (let next = await frames.next(); !next.done; next = await frames.next()) {
      if (next.value.kind === 'held') return
      if (next.value.kind !== 'rows') throw new BadBackup(`The rows of ${layout.table} do not end.`)
      hash.update(next.value.bytes)
      yield next.value.bytes
    }
  }
  await pipeline(Readable.from(rows(), { objectMode: false }), copy)
  return { table: layout.table, rows: copy.rowCount, sha256: hash.digest('hex') }
}

import pg from 'pg'
import type { Client } from 'pg'
import type { BackupKey } from './envelope.ts'
import { readWhole } from './read.ts'
import { restoreBackup } from './restore.ts'

/** How a backup was proven: by bringing it back, or, where that may not be, by reading all of it. */
export type Proof = 'restored' | 'read'

type Written = { file: string; key: BackupKey }

/**
 * Restores a backup into a database that is made for it on the same server, and dropped then. Where the role may make none, the
 * file is read back whole instead.
 * @throws BadBackup when it does not come back as it was.
 */
export async function proveBackup(client: Client, url: string, written: Written): Promise<Proof> {
  const { rows } = await client.query<{ may: boolean; database: string }>(
    'select (rolcreatedb or rolsuper) as may, current_database() as database from pg_roles where rolname = current_user',
  )
  const { may, database } = rows[0]!
  if (!may) {
    await readWhole(written.file, written.key)
    return 'read'
  }
  const trial = `lango_proves_${database}`.slice(0, nameLengthMax)
  // One that a backup before could not drop any more: backups take turns.
  await drop(client, trial)
  await client.query(`create database ${pg.escapeIdentifier(trial)} template template0`)
  try {
    await restoreBackup(onDatabase(url, trial), written)
  } finally {
    await drop(client, trial)
  }
  return 'restored'
}

const nameLengthMax = 63

async function drop(client: Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`)
}

function onDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${encodeURIComponent(name)}`
  return other.href
}

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { inOneTransaction } from './client.ts'
import { close } from './envelope.ts'
import type { BackupKey, Envelope } from './envelope.ts'
import { writeFrame } from './frames.ts'
import { layoutOf, named } from './layout.ts'
import type { TableLayout } from './layout.ts'
import { addUp } from './manifest.ts'
import type { Held, Manifest } from './manifest.ts'

/**
 * Writes all tables of a database, as they are at one moment, compressed and closed. Nobody waits for it, and it waits for nobody
 * but those who change the tables themselves. Answers what it wrote.
 */
export async function writeBackup(
  url: string,
  { envelope, key }: { envelope: Envelope; key: BackupKey },
  sink: Writable,
): Promise<Manifest> {
  return inOneTransaction(url, 'read only', async (client) => {
    const written: { manifest?: Manifest } = {}
    const plain = Readable.from(framesOf(client, written), { objectMode: false })
    await pipeline(plain, createGzip(), (zipped: AsyncIterable<Buffer>) => close(envelope, key, zipped), sink)
    return written.manifest!
  })
}

async function* framesOf(client: Client, written: { manifest?: Manifest }): AsyncGenerator<Buffer> {
  const layout = await layoutOf(client)
  yield* writeFrame({ kind: 'layout', layout })
  const tables: Held[] = []
  for (const table of layout.tables) tables.push(yield* copyOut(client, table))
  const manifest = { tables, sums: await addUp(client) }
  yield* writeFrame({ kind: 'manifest', manifest })
  written.manifest = manifest
}

async function* copyOut(client: Client, layout: TableLayout): AsyncGenerator<Buffer, Held> {
  const { table, columns } = named(layout)
  yield* writeFrame({ kind: 'table', table: layout.table })
  // A partitioned table is copied by what is selected from it.
  const copy = client.query(copyTo(`copy (select ${columns} from ${table}) to stdout`))
  const hash = createHash('sha256')
  for await (const bytes of copy as AsyncIterable<Buffer>) {
    hash.update(bytes)
    yield* writeFrame({ kind: 'rows', bytes })
  }
  const held = { table: layout.table, rows: copy.rowCount, sha256: hash.digest('hex') }
  yield* writeFrame({ kind: 'held', held })
  return held
}

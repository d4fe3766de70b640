import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  connect,
  createContext,
  createLog,
  migrate,
  readSecretKey,
  startEmbedded,
  systemClock,
} from '../server/index.ts'
import type { Context } from '../server/index.ts'
import { fill } from './fill.ts'
import { measurePages } from './pages.ts'
import type { PageTime } from './pages.ts'
import { secretKey } from './prepare.ts'

/**
 * `npm run bench fill`: a database of a million payments, or of `--payments`, in `--directory`, which keeps it.
 * `npm run bench pages`: how long every page, list, filter and search takes there.
 */
export async function measureGrowth(name: 'fill' | 'pages', args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      payments: { type: 'string', default: '1000000' },
      times: { type: 'string', default: '20' },
      directory: { type: 'string', default: join(tmpdir(), 'lango-million') },
    },
  })
  // What is filled can be filled again: it need not survive the machine.
  const embedded = await startEmbedded({
    directory: values.directory,
    durable: name === 'pages',
    settings: name === 'fill' ? { max_wal_size: '4GB', wal_level: 'minimal', max_wal_senders: '0' } : {},
  })
  const database = connect(embedded.url)
  try {
    await migrate(database)
    const context = contextOf(database)
    if (name === 'pages') print(await measurePages(context, { times: Number(values.times) }))
    else await fill(context, { payments: Number(values.payments), log: console.log })
  } finally {
    await database.end()
    await embedded.stop()
  }
}

/** The slowest first, as a table of Markdown. */
function print(pages: PageTime[]): void {
  console.log('| page | p50 ms | p95 ms | answered |\n|---|--:|--:|--:|')
  for (const { path, status, p50Ms, p95Ms } of pages.toSorted((left, right) => right.p95Ms - left.p95Ms))
    console.log(`| \`${path}\` | ${p50Ms.toFixed(1)} | ${p95Ms.toFixed(1)} | ${status} |`)
}

export function contextOf(database: Context['database']): Context {
  const url = 'http://127.0.0.1'
  return createContext({
    database,
    log: createLog('error'),
    clock: systemClock,
    config: {
      publicUrl: url,
      secretKeys: { current: readSecretKey(secretKey), previous: [] },
      darajaUrls: { simulator: url, sandbox: url, live: url },
      trustedProxies: [],
    },
  })
}

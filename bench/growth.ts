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
      directory: { type: 'string', default: join(tmpdir(), 'lango-million') },
    },
  })
  // What is filled can be filled again: it need not survive the machine.
  const embedded = await startEmbedded({
    directory: values.directory,
    durable: name === 'pages',
    settings: { max_wal_size: '4GB' },
  })
  const database = connect(embedded.url)
  try {
    await migrate(database)
    const context = contextOf(database)
    if (name === 'fill') await fill(context, { payments: Number(values.payments), log: console.log })
  } finally {
    await database.end()
    await embedded.stop()
  }
}

function contextOf(database: Context['database']): Context {
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

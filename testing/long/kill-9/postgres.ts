import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { startEmbedded } from '../../../server/database/embedded/embedded.ts'
import type { Embedded } from '../../../server/database/embedded/embedded.ts'

/** A durable PostgreSQL on one port, which is killed and restarted under those who use it. */
export type Postgres = {
  url: string
  /** `kill -9` of the postmaster and of all its children; after this long it recovers. */
  killAndRestart(awayMs: number): Promise<void>
  /** Ends it in good order, and starts it again after this long. */
  restart(awayMs: number): Promise<void>
  /** Takes every connection there is, those of the others too, and keeps them for this long. */
  exhaust(forMs: number): Promise<void>
  /** Stops it for good, also while it is being restarted. */
  stop(): Promise<void>
}

const connectionsMax = 60

export async function startPostgres(directory: string, port: number): Promise<Postgres> {
  const start = () => startEmbedded({ directory, port, settings: { max_connections: String(connectionsMax) } })
  let isOver = false
  let running: Promise<Embedded> = start()
  const { url } = await running

  const startAgain = async (before: Embedded, awayMs: number) => {
    await before.stop()
    await wait(awayMs)
    if (isOver) throw new Error('PostgreSQL is not to be started again.')
    return start()
  }
  const restart = async (awayMs: number) => {
    running = startAgain(await running, awayMs)
    await running
  }

  return {
    url,
    restart,
    async killAndRestart(awayMs) {
      const [postmaster = NaN] = readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8')
        .split('\n')
        .map(Number)
      const children = spawnSync('pgrep', ['-P', String(postmaster)], { encoding: 'utf8' }).stdout.split('\n')
      for (const pid of [postmaster, ...children.filter(Boolean).map(Number)]) killNow(pid)
      await restart(awayMs)
    },
    exhaust: (forMs) => exhaust(url, forMs),
    async stop() {
      isOver = true
      await running.then(
        ({ stop }) => stop(),
        () => undefined,
      )
    },
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // A child may end by itself, because its parent has.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function exhaust(url: string, forMs: number): Promise<void> {
  const taken: Client[] = []
  const takeAll = async () => {
    for (let client = await take(url); client; client = await take(url)) taken.push(client)
  }
  try {
    await takeAll()
    await taken[0]?.query(`
      select pg_terminate_backend(pid) from pg_stat_activity
      where backend_type = 'client backend' and application_name <> 'greed'`)
    await takeAll()
    await wait(forMs)
  } finally {
    await Promise.all(taken.map((client) => client.end()))
  }
}

/** One more connection; undefined when there is none left. */
async function take(url: string): Promise<Client | undefined> {
  const client = new Client({ connectionString: url, application_name: 'greed' })
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch {
    return undefined
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createContext } from '../../server/create-context.ts'
import type { Context } from '../../server/context.ts'
import { openDatabase } from '../../server/database/open.ts'
import { createLog } from '../../server/log.ts'
import { newSecretKey, readSecretKey } from '../../server/secret.ts'
import { freePort, installLango, until } from '../command.ts'
import type { Lango, Running } from '../command.ts'
import { createTestDatabase } from '../database.ts'
import { root } from '../tidy.ts'

/** A server in a process of its own, as `lango start` makes it, and a simulator in another, over a database of the tests. */
export type Target = Pick<Lango, 'url' | 'simulatorUrl' | 'call' | 'control'> & {
  running: Running
  /** The key of its demo merchant, which may do everything. */
  key: string
  /** The caller's own way into the same database, with the server's secret key. */
  context: Context
  /** What the server holds when its garbage is gone, in MB. */
  weigh(): Promise<Weight>
  end(): Promise<void>
}

/** `used` is what it holds: the heap, and buffers beside it. `resident` is what the machine has given it. */
export type Weight = { used: number; resident: number }

const weighing = `--expose-gc --import=${pathToFileURL(join(root, 'testing/fuzz/weigh.ts')).href}`
const mb = 1024 * 1024

export async function openTarget(): Promise<Target> {
  const own = await createTestDatabase()
  const database = await openDatabase(own.url, { connections: 2 })
  const secretKey = newSecretKey()
  const simulatorUrl = `http://localhost:${await freePort()}`
  const simulator = spawn(
    process.execPath,
    [join(root, 'cli/lango.mjs'), 'simulator', '--port', new URL(simulatorUrl).port],
    { stdio: 'ignore' },
  )
  const lango = await installLango({
    DATABASE_URL: own.url,
    LANGO_SECRET_KEY: secretKey,
    SIMULATOR_URL: simulatorUrl,
    NODE_OPTIONS: weighing,
  })
  const end = async () => {
    await lango.remove()
    const gone = once(simulator, 'exit')
    simulator.kill()
    await gone
    await database.end()
    await own.drop()
  }
  try {
    const isUp = () =>
      fetch(`${simulatorUrl}/_/phones`).then(
        ({ ok }) => ok,
        () => false,
      )
    await until(isUp)
    const running = await lango.started()
    return {
      ...lango,
      simulatorUrl,
      control: controlAt(simulatorUrl),
      running,
      key: /Test key +(\S+)/.exec(running.said())![1]!,
      context: contextOf(database, { secretKey, lango, simulatorUrl }),
      weigh: () => weigh(running),
      end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

function controlAt(simulatorUrl: string): Lango['control'] {
  return async (method, path, body) => {
    const response = await fetch(`${simulatorUrl}/_${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return response.json()
  }
}

function contextOf(
  database: Context['database'],
  { secretKey, lango, simulatorUrl }: { secretKey: string; lango: Lango; simulatorUrl: string },
): Context {
  return createContext({
    database,
    log: createLog('silent'),
    config: {
      publicUrl: lango.url,
      secretKeys: { current: readSecretKey(secretKey), previous: [] },
      darajaUrls: { simulator: simulatorUrl, sandbox: simulatorUrl, live: simulatorUrl },
      trustedProxies: [],
    },
  })
}

async function weigh({ child, said }: Running): Promise<Weight> {
  const told = () => [...said().matchAll(/^weight (.*)$/gm)]
  const before = told().length
  child.kill('SIGUSR2')
  await until(() => told().length > before)
  const { heapUsed, external, rss } = JSON.parse(told().at(-1)![1]!) as NodeJS.MemoryUsage
  return { used: Math.round((heapUsed + external) / mb), resident: Math.round(rss / mb) }
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from '../../../server/database/sql.ts'
import type { Database } from '../../../server/database/sql.ts'
import { newSecretKey } from '../../../server/secret.ts'
import { createRandom } from '../../../simulator/random.ts'
import type { Random } from '../../../simulator/random.ts'
import { openOutside } from './outside.ts'
import type { Outside } from './outside.ts'
import { startPostgres } from './postgres.ts'
import type { Postgres } from './postgres.ts'
import { createProgram } from './program.ts'
import type { Program } from './program.ts'

/** Two nodes, a PostgreSQL and a provider, each a process of its own, between payers and a shop. */
export type Installation = {
  random: Random
  nodes: (Program & { url: string; home: string })[]
  simulator: Program & { url: string }
  postgres: Postgres
  /** The script's own look into the database. */
  database: Database
  outside: Outside
  /** The merchant's API key, and the short code that payers pay to. */
  key: string
  shortcode: string
  end(): Promise<void>
}

const command = fileURLToPath(new URL('../../../cli/lango.mjs', import.meta.url))
const simulatorFile = fileURLToPath(new URL('simulator.ts', import.meta.url))

/** Starts everything in a temporary folder, on loopback. What was started is ended again when a part of it cannot start. */
export async function install(seed: number): Promise<Installation> {
  const random = createRandom(`kill -9 ${seed}`)
  const folder = mkdtempSync(join(tmpdir(), 'lango-kill-9-'))
  const enders: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const end = async () => {
    for (const ender of enders.splice(0).reverse()) await ender()
  }
  try {
    const [postgresPort, simulatorPort, ...nodePorts] = await Promise.all(Array.from({ length: 4 }, freePort))
    const postgres = await startPostgres(join(folder, 'database'), postgresPort!)
    enders.push(postgres.stop)
    const database = connect(postgres.url, { connections: 2 })
    enders.push(database.end)
    const nodeUrls = nodePorts.map((port) => `http://localhost:${port}`)
    const outside = await openOutside(nodeUrls, random)
    enders.push(outside.close)

    const simulator = simulatorOn(simulatorPort!, folder)
    enders.push(simulator.end)
    await simulator.start()

    const shared = {
      DATABASE_URL: postgres.url,
      LANGO_SECRET_KEY: newSecretKey(),
      SIMULATOR_URL: simulator.url,
      PUBLIC_URL: outside.roadUrl,
      LOG_LEVEL: 'error',
    }
    const nodes = nodeUrls.map((url, index) => nodeAt(url, { index, folder, shared }))
    for (const node of nodes) {
      enders.push(node.end)
      await node.start()
    }
    const key = await registerShop(nodes[0]!, outside.shopUrl)
    return { random, nodes, simulator, postgres, database, outside, key, shortcode: '174379', end }
  } catch (error) {
    await end()
    throw error
  }
}

function simulatorOn(port: number, folder: string): Installation['simulator'] {
  const program = createProgram({
    name: 'simulator',
    argv: [simulatorFile, '--port', String(port), '--data', join(folder, 'simulator.json')],
    environment: {},
    ready: 'The simulator is ready.',
    folder,
  })
  return { ...program, url: `http://localhost:${port}` }
}

type NodeOptions = { index: number; folder: string; shared: Record<string, string> }

function nodeAt(url: string, { index, folder, shared }: NodeOptions): Installation['nodes'][number] {
  const home = join(folder, `node-${index}`)
  const program = createProgram({
    name: `node ${'AB'[index]}`,
    argv: [command, 'start'],
    environment: { ...shared, PORT: new URL(url).port, LANGO_HOME: home },
    ready: 'Lango is ready.',
    folder,
  })
  return { ...program, url, home }
}

/** Has the shop told by webhook, and answers its API key, which the first node has made. */
async function registerShop({ url, home }: Installation['nodes'][number], shopUrl: string): Promise<string> {
  const { key } = JSON.parse(readFileSync(join(home, 'demo.json'), 'utf8')) as { key: string }
  const told = await fetch(`${url}/v1/webhook-endpoints`, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
    body: JSON.stringify({ url: shopUrl }),
  })
  if (told.status !== 201) throw new Error(`The shop was not registered: ${await told.text()}`)
  return key
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

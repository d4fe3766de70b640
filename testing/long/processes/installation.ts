import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from '../../../server/database/connect.ts'
import type { Database } from '../../../server/database/sql.ts'
import { newSecretKey } from '../../../server/secret.ts'
import { createRandom } from '../../../simulator/random.ts'
import type { Random } from '../../../simulator/random.ts'
import { freePort } from '../../command.ts'
import { openOutside } from './outside.ts'
import type { Outside } from './outside.ts'
import { createProgram } from './program.ts'
import type { Program } from './program.ts'

/** Nodes, a PostgreSQL and a provider, each a process of its own, between payers and a shop. */
export type Installation = {
  random: Random
  /** What all nodes are set to. */
  settings: Record<string, string>
  nodes: (Program & { url: string; home: string })[]
  simulator: Program & { url: string }
  /** Where customers and callbacks go: to any of the nodes, or to the proxy in front of them. */
  doors: string[]
  /** Resolves when the proxy, where there is one, sends requests to each node. */
  leadsToAll(): Promise<void>
  /** The script's own look into the database. */
  database: Database
  outside: Outside
  /** The merchant's API key, and the short code that payers pay to. */
  key: string
  shortcode: string
  end(): Promise<void>
}

/** Where the parts live. What is to be done at the end is done in the reverse order, also when a later part cannot start. */
export type Place = { folder: string; atEnd(ender: () => unknown): void }

/** A proxy in front of nodes. */
export type Door = {
  url: string
  /** Resolves when it sends requests to each of them. */
  leadsToAll(): Promise<void>
}

export type Parts = {
  name: string
  seed: number
  nodeCount: number
  /** Starts the database; answers its address for the nodes, and the script's own where that is another. */
  openDatabase(place: Place): Promise<{ url: string; ownUrl?: string }>
  /** Starts what stands in front of the nodes, before there are any, and answers it. Without it they are asked directly. */
  openDoor?(place: Place, nodeUrls: string[]): Promise<Door>
  settings?: Record<string, string>
  /** How often the shop fails to take what it is told, from 0 to 1. */
  shopFails?: number
  /** The provider, as Node is to run it, and what it says when it is ready: by default one that has a bad day and survives `kill -9`. */
  provider?: { argv: string[]; ready: string }
  /** The Lango that a node is started with: this one by default. */
  commandNow?(): string
}

/** The `lango` of this working tree. */
export const command = fileURLToPath(new URL('../../../cli/lango.mjs', import.meta.url))

/** Starts everything in a temporary folder, on loopback. What was started is ended again when a part of it cannot start. */
export async function assemble({ name, seed, nodeCount, ...parts }: Parts): Promise<Installation> {
  const random = createRandom(`${name} ${seed}`)
  const folder = mkdtempSync(join(tmpdir(), `lango-${name.replaceAll(' ', '')}-`))
  const enders: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const place: Place = { folder, atEnd: (ender) => void enders.push(ender) }
  const end = async () => {
    for (const ender of enders.splice(0).reverse()) await ender()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void interrupt(end))
  try {
    const { url, ownUrl = url } = await parts.openDatabase(place)
    const database = connect(ownUrl, { connections: 2 })
    place.atEnd(database.end)
    const nodeUrls = await Promise.all(
      Array.from({ length: nodeCount }, async () => `http://localhost:${await freePort()}`),
    )
    const door = await parts.openDoor?.(place, nodeUrls)
    const doors = door ? [door.url] : nodeUrls
    const outside = await openOutside(doors, { random, shopFails: parts.shopFails ?? 0.03 })
    place.atEnd(outside.close)
    const simulator = await startSimulator(place, parts.provider ?? badDay(place))
    const settings = {
      DATABASE_URL: url,
      LANGO_SECRET_KEY: newSecretKey(),
      SIMULATOR_URL: simulator.url,
      PUBLIC_URL: outside.roadUrl,
      LOG_LEVEL: 'error',
      ...parts.settings,
    }
    const nodes = await startNodes(place, nodeUrls, { settings, commandNow: parts.commandNow ?? (() => command) })
    const key = await registerShop(nodes[0]!, outside.shopUrl)
    const leadsToAll = door?.leadsToAll ?? (async () => {})
    return { random, settings, nodes, simulator, doors, leadsToAll, database, outside, key, shortcode: '174379', end }
  } catch (error) {
    await end()
    throw error
  }
}

async function interrupt(end: () => Promise<void>): Promise<void> {
  console.log('Interrupted.')
  await end()
  process.exit(1)
}

const badDay = ({ folder }: Place) => ({
  argv: [fileURLToPath(new URL('simulator.ts', import.meta.url)), '--data', join(folder, 'simulator.json')],
  ready: 'The simulator is ready.',
})

async function startSimulator(
  { folder, atEnd }: Place,
  { argv, ready }: { argv: string[]; ready: string },
): Promise<Installation['simulator']> {
  const port = await freePort()
  const program = createProgram({
    name: 'simulator',
    argv: [...argv, '--port', String(port)],
    environment: {},
    ready,
    folder,
  })
  atEnd(program.end)
  await program.start()
  return { ...program, url: `http://localhost:${port}` }
}

async function startNodes(
  { folder, atEnd }: Place,
  urls: string[],
  { settings, commandNow }: { settings: Record<string, string>; commandNow: () => string },
): Promise<Installation['nodes']> {
  const nodes: Installation['nodes'] = []
  for (const [index, url] of urls.entries()) {
    const home = join(folder, `node-${index}`)
    const program = createProgram({
      name: `node ${'ABCDEF'[index]}`,
      argv: () => [commandNow(), 'start'],
      environment: { ...settings, PORT: new URL(url).port, LANGO_HOME: home },
      ready: 'Lango is ready.',
      folder,
    })
    atEnd(program.end)
    await program.start()
    nodes.push({ ...program, url, home })
  }
  return nodes
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

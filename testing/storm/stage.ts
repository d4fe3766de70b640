import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulator, manualClock } from '../../simulator/index.ts'
import type { ManualClock, Simulator } from '../../simulator/index.ts'
import { createRandom } from '../../simulator/random.ts'
import type { Random } from '../../simulator/random.ts'
import { createContext } from '../../server/create-context.ts'
import type { Parts } from '../../server/create-context.ts'
import type { Context } from '../../server/context.ts'
import { makePartitions } from '../../server/database/partitions.ts'
import { openDatabase } from '../../server/database/open.ts'
import type { Database } from '../../server/database/sql.ts'
import { createLog } from '../../server/log.ts'
import { createTestDatabase } from '../database.ts'
import { startMortalNode } from '../mortal-node.ts'
import type { MortalNode } from '../mortal-node.ts'
import { roadToDaraja, roadToNodes, roadToShop } from './outside.ts'
import type { Seen } from './outside.ts'
import { openShop } from './shop.ts'
import { stormyDatabase } from './weather.ts'
import type { Weather } from './weather.ts'

/** One installation in bad weather: two nodes on one database and one home, under one clock, between payers and a shop. */
export type Stage = {
  seed: number
  random: Random
  clock: ManualClock
  simulator: Simulator
  /** What is not subject to the weather, to look at the end. */
  database: Database
  context: Context
  nodes: MortalNode[]
  weather: Weather
  seen: Seen
  /** `second` is the key of another person. */
  merchant: { id: string; key: string; second: string; shortcode: string }
  /** A node that is up, by chance; undefined when all are dead. */
  anyNode(): MortalNode | undefined
  /** Puts a new node in the place of each dead one. */
  revive(): void
  /** Keeps work in mind that goes on while the storm does. */
  launch(work: Promise<unknown>): void
  /** Waits, for a moment of real time at most, until what was launched and what the simulator does has come to rest. */
  rest(): Promise<void>
  end(): Promise<void>
}

const nodeCount = 2

export async function setStage(seed: number): Promise<Stage> {
  const random = createRandom(`storm ${seed}`)
  const clock = manualClock('2026-11-20T06:30:00Z')
  const own = await createTestDatabase()
  const home = mkdtempSync(join(tmpdir(), 'lango-storm-'))
  const database = await openDatabase(own.url, { connections: 12 })
  const weather: Weather = { database: 'answers', shopFails: 0 }
  const seen: Seen = { acknowledged: new Map(), pushes: new Map(), told: new Map(), deaths: 0, outages: 0 }
  const nodes: MortalNode[] = []

  const anyNode = () => {
    const alive = nodes.filter((node) => node.isAlive())
    return alive[random.integer(alive.length)]
  }
  const simulator = createSimulator({ seed, clock, fetch: roadToNodes(seen, anyNode) })
  const parts: Parts = {
    database: stormyDatabase(database, weather, random),
    clock,
    log: createLog('silent'),
    config: configOf(home),
    fetch: roadToDaraja(seen, simulator),
    guardedFetch: roadToShop(seen, weather, random),
  }
  for (let index = 0; index < nodeCount; index++) nodes.push(startMortalNode(parts))

  const context = createContext({ ...parts, database })
  await makePartitions(database, clock.now())
  const merchant = await openShop(context, random)

  return {
    seed,
    random,
    clock,
    simulator,
    database,
    context,
    nodes,
    weather,
    seen,
    merchant,
    anyNode,
    revive() {
      for (const [index, node] of nodes.entries()) {
        if (node.isAlive()) continue
        seen.deaths++
        nodes[index] = startMortalNode(parts)
      }
    },
    ...keepInMind(() => simulator.settled()),
    async end() {
      simulator.close()
      await database.end()
      await own.drop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

const configOf = (home: string): Parts['config'] => ({
  publicUrl: 'http://lango.test',
  secretKeys: { current: Buffer.alloc(32, 7), previous: [] },
  darajaUrls: { simulator: 'http://daraja.test', sandbox: 'http://daraja.test', live: 'http://daraja.test' },
  trustedProxies: [],
  home,
})

function keepInMind(settled: () => Promise<void>): Pick<Stage, 'launch' | 'rest'> {
  const underWay = new Set<Promise<unknown>>()
  return {
    launch(work) {
      const tracked = work.catch(() => undefined).finally(() => underWay.delete(tracked))
      underWay.add(tracked)
    },
    rest: () => atMost(restMsMax, Promise.all([...underWay, settled()])),
  }
}

// Some waits end only when the clock moves on, so nobody waits for long.
const restMsMax = 15

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, promise])
  clearTimeout(timer)
}

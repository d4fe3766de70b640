import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulator, manualClock, sandboxPasskey } from '../../simulator/index.ts'
import type { ManualClock, Simulator } from '../../simulator/index.ts'
import { createRandom } from '../../simulator/random.ts'
import type { Random } from '../../simulator/random.ts'
import { createContext } from '../../server/create-context.ts'
import type { Parts } from '../../server/create-context.ts'
import type { Context } from '../../server/context.ts'
import { makePartitions } from '../../server/database/partitions.ts'
import { connect } from '../../server/database/sql.ts'
import type { Database, Queryable, Sql } from '../../server/database/sql.ts'
import { createLog } from '../../server/log.ts'
import { registerC2b } from '../../server/c2b/register.ts'
import { configureAccount } from '../../server/accounts/configure.ts'
import { currentAccount } from '../../server/accounts/find.ts'
import { createKey, scopes } from '../../server/access/key.ts'
import { createMerchant } from '../../server/merchants/merchant.ts'
import { registerForRecords } from '../../server/reconciliation/register.ts'
import { enablePayouts } from '../../server/payouts/enable.ts'
import { createEndpoint } from '../../server/webhooks/endpoint.ts'
import { createTestDatabase } from '../database.ts'
import { startMortalNode } from '../mortal-node.ts'
import type { MortalNode } from '../mortal-node.ts'

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
  merchant: { id: string; key: string; shortcode: string }
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

export type Weather = {
  /** What the database does with a statement: answers; refuses the connection; or cuts it, before or after the statement. */
  database: 'answers' | 'refuses' | 'cuts'
  /** From 0 to 1: how often the shop's server fails when it is told something. */
  shopFails: number
}

/** What the world outside has seen, to be held against Lango's books. */
export type Seen = {
  /** How often each body that was posted to us was acknowledged. */
  acknowledged: Map<string, number>
  /** How often a push with this reference may have been carried out. */
  pushes: Map<string, number>
  /** The events that the shop was told of and took, by id. */
  told: Map<string, number>
  deaths: number
  outages: number
}

const shortcode = '174379'
const nodeCount = 2

export async function setStage(seed: number): Promise<Stage> {
  const random = createRandom(`storm ${seed}`)
  const clock = manualClock('2026-11-20T06:30:00Z')
  const own = await createTestDatabase()
  const home = mkdtempSync(join(tmpdir(), 'lango-storm-'))
  const database = connect(own.url, { connections: 12 })
  const weather: Weather = { database: 'answers', shopFails: 0 }
  const seen: Seen = { acknowledged: new Map(), pushes: new Map(), told: new Map(), deaths: 0, outages: 0 }
  const nodes: MortalNode[] = []
  const underWay = new Set<Promise<unknown>>()

  const simulator = createSimulator({
    seed,
    clock,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const body = await request.clone().text()
      const node = anyNode()
      if (!node) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
      const response = await node.fetch(request)
      if (response.ok && !request.url.endsWith('/validation')) count(seen.acknowledged, body)
      return response
    },
  })
  const parts: Parts = {
    database: stormyDatabase(database, weather, random),
    clock,
    log: createLog('silent'),
    config: {
      publicUrl: 'http://lango.test',
      secretKeys: { current: Buffer.alloc(32, 7), previous: [] },
      darajaUrls: { simulator: 'http://daraja.test', sandbox: 'http://daraja.test', live: 'http://daraja.test' },
      trustedProxies: [],
      home,
    },
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const push = request.url.includes('/stkpush/') ? ((await request.clone().json()) as PushBody) : undefined
      const response = await simulator.fetch(request).catch((error: unknown) => {
        if (push) count(seen.pushes, push.AccountReference)
        throw error
      })
      // A refusal proves that nothing was carried out; after anything else the push may have reached the payer.
      if (push && response.ok) count(seen.pushes, push.AccountReference)
      return response
    },
    guardedFetch: async (_, { body }) => {
      if (random.fraction() < weather.shopFails) {
        if (random.fraction() < 0.5) return { kind: 'failed', reason: 'It did not answer.' }
        return { kind: 'answered', status: 500, headers: {}, body: '' }
      }
      count(seen.told, (JSON.parse(body) as { id: string }).id)
      return { kind: 'answered', status: 200, headers: {}, body: '' }
    },
  }
  for (let index = 0; index < nodeCount; index++) nodes.push(startMortalNode(parts))

  const context = createContext({ ...parts, database })
  await makePartitions(database, clock.now())
  const merchant = await createMerchant(context, 'Duka la Dhoruba')
  await configureAccount(context, {
    merchant_id: merchant.id,
    provider: 'mpesa',
    environment: 'simulator',
    shortcode,
    till: null,
    type: 'paybill',
    credentials: {
      consumer_key: 'storm-key',
      consumer_secret: 'storm-secret',
      passkey: sandboxPasskey,
      initiator: 'testapi',
      security_credential: `${'A'.repeat(342)}==`,
      nominated_number: '254722000000',
    },
  })
  const { key } = await createKey(context, {
    merchant_id: merchant.id,
    name: 'storm',
    mode: 'test',
    scopes: [...scopes],
  })
  await createEndpoint(context, { merchant_id: merchant.id, mode: 'test', url: 'http://41.90.0.7/hook' })

  await enablePayouts(
    { ...context, actor: 'user:owner' },
    { merchant_id: merchant.id, daily_limit_cents: 100_000_000, approval_above_cents: null },
  )
  await registerC2b(context, await currentAccount(context, merchant.id, 'mpesa'), 'accept')

  // Half of all shops have no Pull, and live by callbacks, checks and statements.
  if (random.fraction() < 0.5) await registerForRecords(context, await currentAccount(context, merchant.id, 'mpesa'))

  function anyNode(): MortalNode | undefined {
    const alive = nodes.filter((node) => node.isAlive())
    return alive[random.integer(alive.length)]
  }

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
    merchant: { id: merchant.id, key, shortcode },
    anyNode,
    revive() {
      for (const [index, node] of nodes.entries()) {
        if (node.isAlive()) continue
        seen.deaths++
        nodes[index] = startMortalNode(parts)
      }
    },
    launch(work) {
      const tracked = work.catch(() => undefined).finally(() => underWay.delete(tracked))
      underWay.add(tracked)
    },
    async rest() {
      await atMost(restMsMax, Promise.all([...underWay, simulator.settled()]))
    },
    async end() {
      simulator.close()
      await database.end()
      await own.drop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

type PushBody = { AccountReference: string }

// Some waits end only when the clock moves on, so nobody waits for long.
const restMsMax = 15

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, promise])
  clearTimeout(timer)
}

function stormyDatabase(database: Database, weather: Weather, random: Random): Database {
  const outside = stormy(database)
  return {
    ...outside,
    end: () => database.end(),
    transaction: (work) => strike(() => database.transaction(work)),
  }

  function stormy(inner: Queryable): Queryable {
    return {
      query: <Row>(query: Sql) => strike(() => inner.query<Row>(query)),
      one: <Row>(query: Sql) => strike(() => inner.one<Row>(query)),
      maybe: <Row>(query: Sql) => strike(() => inner.maybe<Row>(query)),
    }
  }

  async function strike<Result>(ask: () => Promise<Result>): Promise<Result> {
    if (weather.database === 'answers') return ask()
    if (weather.database === 'refuses') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    if (random.fraction() < 0.5) await ask()
    throw new Error('Connection terminated unexpectedly')
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

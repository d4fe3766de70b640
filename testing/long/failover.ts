import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCluster } from './failover/cluster.ts'
import type { Cluster, Member } from './failover/cluster.ts'
import { countKept, lostCallbacks } from './processes/books.ts'
import { calmDown, hastenAnswers, untilSpoolsAreEmpty } from './processes/calm.ts'
import { bringCustomers } from './processes/customers.ts'
import { drill } from './processes/drill.ts'
import { startNodeProxy } from './processes/haproxy.ts'
import type { Installation } from './processes/installation.ts'
import { startLoad } from './processes/load.ts'
import type { Load } from './processes/load.ts'
import { requireOnMachine, requireVersion } from './processes/on-machine.ts'
import { reportBooks, tellAttempts } from './processes/report.ts'

/**
 * `node testing/long/failover.ts --rounds 10`: two nodes behind HAProxy, on three PostgreSQL under Patroni and etcd, reached through
 * PgBouncer (transactions) and HAProxy, all set up by the files in `deploy/`, while customers come in a steady pace. In each round
 * the primary is struck: its machine is killed, its PostgreSQL is killed, or its machine stands still with all connections open.
 *
 * An order is taken again within 30 seconds; no callback is turned away meanwhile, and none that was acknowledged is lost; no node
 * ends. At the end the books equal the ledger, each status has one event, each event was delivered. Exits with 1 where any of this
 * is not so.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    'per-second': { type: 'string', default: '3' },
  },
})
const rounds = Number(values.rounds)
const ordersPerSecond = Number(values['per-second'])
const backWithinMs = 30_000
const pauseMs = 5_000

for (const [program, from] of Object.entries({
  patroni: 'patroni python3-etcd',
  etcd: 'etcd-server',
  haproxy: 'haproxy',
  pgbouncer: 'pgbouncer',
  '/usr/lib/postgresql/15/bin/postgres': 'postgresql-15',
}))
  requireOnMachine(program, from)
requireVersion(
  'patroni',
  '3.0.3',
  'a primary that stood still does not take the place of the one that was put in its place.',
)

const started = performance.now()
const seconds = () => ((performance.now() - started) / 1_000).toFixed(0)
let cluster!: Cluster
await drill(
  {
    name: 'failover',
    seed: Number(values.seed),
    nodeCount: 2,
    openDatabase: async (place) => (cluster = await startCluster(place)),
    openDoor: startNodeProxy,
    settings: { DATABASE_NAMED_STATEMENTS: 'false' },
  },
  strikePrimaries,
  () => cluster.members,
)

type Strike = [name: string, strike: (primary: Member) => unknown, mend: (primary: Member) => unknown]

/** Each is what a day may bring, and how the machine comes back. */
function strikes(): Strike[] {
  return [
    ['its machine is killed', (primary) => primary.kill(), (primary) => primary.start()],
    ['its PostgreSQL is killed', (primary) => primary.killPostgres(), () => {}],
    ['its machine stands still', (primary) => primary.freeze(), (primary) => primary.thaw()],
  ]
}

async function strikePrimaries(installation: Installation): Promise<void> {
  await bringCustomers(installation)
  await delayCallbacks(installation)
  const load = startLoad(installation, ordersPerSecond)
  const backAfter: number[] = []
  for (let round = 1; round <= rounds; round++) {
    await wait(pauseMs)
    const [name, strike, mend] = strikes()[(round - 1) % 3]!
    const primary = await cluster.primary()
    if (!primary) throw new Error('There is no primary.')
    const [acknowledgedBefore, keptBefore] = [acknowledgedBy(installation), await countKept(installation)]
    const struckAt = performance.now()
    await strike(primary)
    const { endedAt } = await load.nextAnswer()
    const acknowledged = acknowledgedBy(installation) - acknowledgedBefore
    backAfter.push(endedAt - struckAt)
    await mend(primary)
    await cluster.whole()
    await untilSpoolsAreEmpty(installation)
    const kept = (await countKept(installation)) - keptBefore
    const lost = await lostCallbacks(installation)
    refuseOwnEnds(installation)
    console.log(
      `round ${round}: ${primary.name} was the primary, ${name}; orders again after ${told(endedAt - struckAt)}; ` +
        `callbacks acknowledged meanwhile ${acknowledged}, kept for later ${kept}, lost ${lost.length} (${seconds()} s)`,
    )
  }
  load.stop()
  await wait(pauseMs)
  await hastenAnswers(installation)
  await load.answered()
  await calmDown(installation)
  await report(installation, load, backAfter)
}

/** Callbacks that come late come while there is no primary, though nothing was asked for meanwhile. */
async function delayCallbacks({ simulator }: Installation): Promise<void> {
  const rules = [
    { api: 'stkpush', fault: 'late_callback', probability: 0.4, delay_ms: 8_000 },
    { api: 'stkpush', fault: 'late_callback', probability: 0.4, delay_ms: 16_000 },
    { api: 'stkpush', fault: 'duplicate_callback', probability: 0.1 },
  ]
  const response = await fetch(`${simulator.url}/_/faults`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ rules }),
  })
  if (!response.ok) throw new Error(`The faults were refused: ${await response.text()}`)
}

function acknowledgedBy({ outside }: Installation): number {
  return [...outside.acknowledged.values()].reduce((sum, count) => sum + count, 0)
}

function refuseOwnEnds({ nodes, simulator }: Installation): void {
  for (const { name, ownEnds, said } of [...nodes, simulator])
    if (ownEnds() > 0) throw new Error(`${name} ended by itself:\n${said()}`)
}

async function report(installation: Installation, load: Load, backAfter: number[]): Promise<void> {
  const problems = await reportBooks('failover', installation, load)
  const tooLate = backAfter.filter((ms) => ms > backWithinMs)
  console.log(
    `failover: ${backAfter.length} primaries struck, orders again after ${backAfter.map(told).join(', ')} ` +
      `(later than ${told(backWithinMs)}: ${tooLate.length}); ${tellAttempts(load.attempts)} in ${seconds()} s`,
  )
  if (problems.length + tooLate.length + installation.outside.turnedAway() > 0) process.exitCode = 1
}

function told(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

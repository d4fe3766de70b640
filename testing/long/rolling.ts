import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { calmDown, hastenAnswers } from './processes/calm.ts'
import { bringCustomers } from './processes/customers.ts'
import { requireOnMachine } from './processes/on-machine.ts'
import { behindProxy, drill } from './processes/drill.ts'
import type { Installation } from './processes/installation.ts'
import { startLoad } from './processes/load.ts'
import type { Attempt, Load } from './processes/load.ts'
import { reportBooks, tellAttempts } from './processes/report.ts'

/**
 * `node testing/long/rolling.ts --rounds 10`: three nodes behind HAProxy, set up by `deploy/haproxy.cfg`, while customers come in a
 * steady pace. In each round every node is restarted in turn, and then one is killed with `kill -9`.
 *
 * While nodes are restarted, no request fails and no callback is turned away. Where one is killed, only a request that was with it
 * at that moment may fail, and is answered when it is repeated with its Idempotency-Key. At the end the books equal the ledger,
 * each status has one event, each event was delivered. Exits with 1 where any of this is not so.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    'per-second': { type: 'string', default: '4' },
  },
})
const rounds = Number(values.rounds)
const ordersPerSecond = Number(values['per-second'])
/** Of HAProxy: it asks every second, and believes the second answer. */
const noticedWithinMs = 3_000

requireOnMachine('haproxy', 'haproxy')
const started = performance.now()
const seconds = () => ((performance.now() - started) / 1_000).toFixed(0)
await drill({ name: 'rolling', seed: Number(values.seed), nodeCount: 3, ...behindProxy }, rollAndKill)

type Kill = { at: number; until: number }

async function rollAndKill(installation: Installation): Promise<void> {
  const { nodes, random, leadsToAll } = installation
  await bringCustomers(installation)
  const load = startLoad(installation, ordersPerSecond)
  const kills: Kill[] = []
  let restarts = 0
  for (let round = 1; round <= rounds; round++) {
    for (const node of nodes) {
      await node.stop()
      await node.start()
      restarts++
      await leadsToAll()
    }
    const node = nodes[random.integer(nodes.length)]!
    const at = performance.now()
    await node.kill()
    kills.push({ at, until: at + noticedWithinMs })
    await wait(noticedWithinMs)
    await node.start()
    await leadsToAll()
    console.log(
      `round ${round}: ${restarts} restarts, ${kills.length} kills; ${tellAttempts(load.attempts)} (${seconds()} s)`,
    )
  }
  load.stop()
  await wait(noticedWithinMs)
  await hastenAnswers(installation)
  await load.answered()
  await calmDown(installation)
  await report(installation, load, kills)
}

async function report(installation: Installation, load: Load, kills: Kill[]): Promise<void> {
  const { attempts } = load
  const isOf = ({ beganAt, endedAt }: Attempt) => kills.some(({ at, until }) => beganAt < until && endedAt > at)
  const unfinished = new Set(attempts.filter(isOf).map(({ key }) => key))
  // Whoever repeats what was with the node that died is told to wait until it is sure that nobody answers any more.
  const isRepeated = ({ key, code }: Attempt) => code === 'idempotency_in_progress' && unfinished.has(key)
  const failed = attempts.filter(({ status }) => status === 0 || status >= 400)
  const unexplained = failed.filter((attempt) => !isOf(attempt) && !isRepeated(attempt))
  for (const { what, key, status, code } of unexplained.slice(0, 50))
    console.log(`  ${what} of ${key} failed without a kill: ${status} ${code ?? ''}`)
  const problems = await reportBooks('rolling', installation, load)
  const restarts = rounds * installation.nodes.length
  console.log(
    `rolling: ${restarts} restarts, ${kills.length} kills, ${tellAttempts(attempts)}; ` +
      `failed while none was killed ${unexplained.length} in ${seconds()} s`,
  )
  if (problems.length + unexplained.length + installation.outside.turnedAway() > 0) process.exitCode = 1
}

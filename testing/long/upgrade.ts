import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { calmDown, hastenAnswers } from './processes/calm.ts'
import { bringCustomers } from './processes/customers.ts'
import { behindProxy, drill } from './processes/drill.ts'
import { earlierRelease, unpack } from './processes/earlier.ts'
import { command } from './processes/installation.ts'
import type { Installation } from './processes/installation.ts'
import { startLoad } from './processes/load.ts'
import type { Load } from './processes/load.ts'
import { requireOnMachine } from './processes/on-machine.ts'
import { reportBooks, tellAttempts } from './processes/report.ts'

/**
 * `node testing/long/upgrade.ts --from COMMIT`: two nodes of an earlier Lango, with its own code, behind HAProxy, while customers come
 * in a steady pace. `lango migrate` of this Lango runs beneath them; they go on, without an error; then each is stopped, and this Lango
 * is started in its place. Without `--from`, the earlier one is the newest tag, or what stands for it.
 *
 * No order is lost, no callback turned away, no node logs an error, and at the end the books equal the ledger. Exits with 1 where any
 * of this is not so.
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'per-second': { type: 'string', default: '4' },
  },
})
const whileMs = 15_000
const beganAt = performance.now()

requireOnMachine('haproxy', 'haproxy')
const from = values.from ?? earlierRelease()
let commandNow: string
await drill(
  {
    name: 'upgrade',
    seed: Number(values.seed),
    nodeCount: 2,
    ...behindProxy,
    openDatabase(place) {
      commandNow = unpack(from, join(place.folder, 'earlier'))
      return behindProxy.openDatabase(place)
    },
    commandNow: () => commandNow,
  },
  upgrade,
)

async function upgrade(installation: Installation): Promise<void> {
  const { nodes, leadsToAll } = installation
  await bringCustomers(installation)
  const load = startLoad(installation, Number(values['per-second']))
  const errors: string[] = []
  await wait(whileMs)
  tell('before', load)
  const migrating = since(performance.now())
  const applied = await migrate(installation)
  console.log(`migrated from ${migrating} to ${since(performance.now())} s: ${applied.join(', ')}`)
  await wait(whileMs)
  tell('earlier nodes on the new schema', load)
  commandNow = command
  for (const node of nodes) {
    await node.stop()
    errors.push(...errorsIn(node.said()))
    await node.start()
    await leadsToAll()
  }
  await wait(whileMs)
  tell('upgraded', load)
  load.stop()
  await hastenAnswers(installation)
  await load.answered()
  await calmDown(installation)
  for (const { said } of nodes) errors.push(...errorsIn(said()))
  for (const error of errors.slice(0, 20)) console.log(`  ${error.slice(0, 600)}`)
  const failed = load.attempts.filter(({ status }) => status === 0 || status >= 400)
  for (const { what, key, status, code, beganAt, endedAt } of failed)
    console.log(`  ${what} of ${key}: ${status} ${code ?? ''}, from ${since(beganAt)} to ${since(endedAt)} s`)
  const problems = await reportBooks('upgrade', installation, load)
  console.log(`upgrade from ${from}: ${tellAttempts(load.attempts)}, ${errors.length} errors logged`)
  if (applied.length === 0) problems.push('Nothing was migrated.')
  if (problems.length + failed.length + errors.length + installation.outside.turnedAway() > 0) process.exitCode = 1
}

/** In seconds since the beginning, as a drill tells it. */
function since(at: number): string {
  return ((at - beganAt) / 1_000).toFixed(1)
}

function tell(when: string, { attempts }: Load): void {
  console.log(`${when}: ${tellAttempts(attempts)}`)
}

/** Runs `lango migrate` of this Lango, and answers what it applied. */
async function migrate({ settings }: Installation): Promise<string[]> {
  const child = spawn(process.execPath, [command, 'migrate', '--json'], { env: { ...process.env, ...settings } })
  const [answer, remark, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (code !== 0) throw new Error(`lango migrate: ${remark}${answer}`)
  return (JSON.parse(answer) as { applied: string[] }).applied
}

/** What a node logged as an error or worse. */
function errorsIn(said: string): string[] {
  return said.split('\n').filter((line) => /"level":(50|60)/.test(line))
}

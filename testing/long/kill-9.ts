import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { compareBooks } from './processes/books.ts'
import { calmDown, hastenAnswers } from './processes/calm.ts'
import { bringCustomers, sell, takeOrders } from './processes/customers.ts'
import type { Order } from './processes/customers.ts'
import { install } from './kill-9/installation.ts'
import type { Struck } from './kill-9/installation.ts'
import { refuseOwnEnds, strike } from './kill-9/strike.ts'

/**
 * `node testing/long/kill-9.ts --rounds 100 --seed 1`: customers pay at two nodes while one process after the other is killed with
 * `kill -9`; every ten rounds, and at the end, the books are held against the provider's ledger. Exits with 1 where they differ.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
})
const rounds = Number(values.rounds)
const ordersPerRound = 30
const roundsPerBooks = 10
const strikeWithinMs = 2_000
const roundMsMax = 60_000

const started = Date.now()
const installation = await install(Number(values.seed))
try {
  await Promise.race([storm(installation), tooLate()])
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
  for (const { name, said } of installation.nodes) console.log(`${name} said last:\n${said().slice(-2_000)}`)
  process.exitCode = 1
} finally {
  await installation.end()
}
process.exit()

async function storm(installation: Struck): Promise<void> {
  await bringCustomers(installation)
  const orders: Order[] = []
  let unanswered: Promise<void>[] = []
  for (let round = 1; round <= rounds; round++) {
    const own = takeOrders(installation, orders.length, ordersPerRound)
    orders.push(...own)
    const selling = sell(installation, own)
    unanswered.push(selling)
    selling.catch(() => {})
    await wait(installation.random.integer(strikeWithinMs))
    const struck = await strike(installation)
    console.log(`round ${round}: ${struck} (${seconds()} s)`)
    // Those who have no answer by then go on asking while the next round begins.
    await Promise.race([selling, wait(strikeWithinMs)])
    if (round % roundsPerBooks !== 0 && round !== rounds) continue
    await answered(installation, unanswered)
    unanswered = []
    await calmDown(installation)
    refuseOwnEnds(installation)
    const isRight = await report(installation, orders, round)
    if (!isRight) break
  }
}

/** Waits until the customers of all rounds have an answer. */
async function answered(installation: Struck, unanswered: Promise<void>[]): Promise<void> {
  await wait(strikeWithinMs)
  await hastenAnswers(installation)
  await Promise.all(unanswered)
}

async function report(installation: Struck, orders: Order[], round: number): Promise<boolean> {
  const books = await compareBooks(installation, orders)
  const { lost, double, eventsMissing, callbacksLost, complaints } = books
  const problems = [...lost, ...double, ...eventsMissing, ...callbacksLost, ...complaints]
  for (const problem of problems.slice(0, 50)) console.log(`  ${problem}`)
  console.log(
    `kill -9: rounds ${round}, payments ${books.payments} (${books.completed} completed, ${books.unknown} unknown without money), ` +
      `callbacks acknowledged ${books.acknowledged} (${books.kept} kept for later), lost ${lost.length}, double ${double.length}, ` +
      `events missing ${eventsMissing.length}, acknowledged callbacks lost ${callbacksLost.length} in ${seconds()} s`,
  )
  if (problems.length > 0) process.exitCode = 1
  return problems.length === 0
}

function seconds(): string {
  return ((Date.now() - started) / 1_000).toFixed(0)
}

async function tooLate(): Promise<never> {
  await wait(rounds * roundMsMax + 5 * 60_000)
  throw new Error('It takes too long.')
}

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { concurrently } from '../server/database/concurrently.ts'
import { startEmbedded } from '../server/database/embedded/embedded.ts'
import { sql } from '../server/database/sql.ts'
import type { FaultRule } from '../simulator/index.ts'
import { compareBooks } from '../testing/long/processes/books.ts'
import type { Books } from '../testing/long/processes/books.ts'
import { calmDown, hastenChecks, untilNothingIsLeft } from '../testing/long/processes/calm.ts'
import { bringPhone, sell } from '../testing/long/processes/customers.ts'
import type { Order } from '../testing/long/processes/customers.ts'
import { assemble } from '../testing/long/processes/installation.ts'
import type { Installation, Place } from '../testing/long/processes/installation.ts'
import { costOf, parentOf, spend } from './cost.ts'
import { latencyOf } from './latency.ts'
import type { Loaded } from './load.ts'
import type { Spent } from './served.ts'
import { countStruck } from './struck.ts'

/** Every fault of the simulator that a payment by STK push can meet, as often as on a bad day. */
const badDay: FaultRule[] = [
  ...rules('stkpush', 0.05, ['drop_callback', 'duplicate_callback', 'early_callback', 'drop_response']),
  ...rules('stkpush', 0.05, ['late_callback', 'reorder'], 2_000),
  ...rules('stkpush', 0.02, ['http_500', 'html_503', 'spike_arrest', 'cut']),
  ...rules('stkpushquery', 0.05, ['http_500', 'html_503', 'spike_arrest', 'cut', 'drop_response']),
  ...rules('oauth', 0.05, ['http_500', 'html_503', 'cut']),
  ...rules('*', 0.02, ['expire_token']),
]

function rules(
  api: FaultRule['api'],
  probability: number,
  names: FaultRule['fault'][],
  delay_ms?: number,
): FaultRule[] {
  return names.map((fault) => ({ api, fault, probability, ...(delay_ms && { delay_ms }) }))
}

/** What payments took between the node, PostgreSQL, the simulator and those who pay, each a process of its own. */
export type Faulty = Loaded &
  Spent & {
    providerUs: number
    books: Books
    /** How many requests and callbacks each fault struck. */
    struck: Record<string, number>
    /** How many payments each source of evidence completed before the statement came. */
    completedBy: Record<string, number>
    /** Whatever is not as it must be: where there is none, all that the ledger has was settled once, and told of once. */
    problems: string[]
  }

/** A callback that has not come by then is asked for: 75 s are what a payer may take, and nobody here does. */
const askAfterMs = 4_000
const hastenEveryMs = 1_000

/**
 * Asks a Lango of its own process for so many payments, each by a phone that pays at once, and waits until each that can be
 * settled is: the simulator's faults are on, or not. The same seed makes much the same day. Times are those from the request to
 * the outcome. Then comes the statement, and the books are held against the ledger.
 */
export async function measureFaults({
  payments,
  callers,
  seed,
  isBadDay,
}: {
  payments: number
  callers: number
  seed: number
  isBadDay: boolean
}): Promise<Faulty> {
  const simulator = fileURLToPath(new URL('../simulator/bin.ts', import.meta.url))
  const installation = await assemble({
    name: 'bench faults',
    seed,
    nodeCount: 1,
    openDatabase,
    shopFails: 0,
    provider: { argv: [simulator, '--seed', String(seed)], ready: 'Ctrl-C stops it.' },
  })
  try {
    const orders = takeOrders(installation, payments)
    await concurrently(orders, 24, ({ phone }) => bringPhone(installation, phone, 'approve'))
    await put(installation, '/_/faults', { seed, rules: isBadDay ? badDay : [] })
    const measured = await spendOn(installation, payments, () => pay(installation, orders, callers))
    const settled = await tellSettled(installation)
    const struck = countStruck(await get(installation, '/_/log'))
    await put(installation, '/_/faults', { rules: [] })
    await calmDown(installation)
    const books = await compareBooks(installation, orders)
    return { ...measured, ...settled, struck, books, problems: problemsOf(installation, books) }
  } finally {
    await installation.end()
  }
}

async function openDatabase({ folder, atEnd }: Place) {
  const { url, stop } = await startEmbedded({ directory: join(folder, 'database') })
  atEnd(stop)
  return { url }
}

/** Each payer has a phone: what strikes it follows from the seed, whoever else pays at that moment. */
function takeOrders({ random }: Installation, count: number): Order[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `order-${index}`,
    amount: 1 + random.integer(999),
    phone: `254711${String(index).padStart(6, '0')}`,
  }))
}

async function pay(installation: Installation, orders: Order[], callers: number): Promise<{ perSecond: number }> {
  const hastening = setInterval(() => void hastenChecks(installation, askAfterMs), hastenEveryMs)
  const startedAt = performance.now()
  try {
    await sell(installation, orders, { atOnce: callers })
  } finally {
    clearInterval(hastening)
  }
  const seconds = (performance.now() - startedAt) / 1_000
  await untilNothingIsLeft(installation)
  return { perSecond: orders.length / seconds }
}

async function spendOn<Result>(
  { database, nodes, simulator }: Installation,
  payments: number,
  run: () => Promise<Result>,
): Promise<Result & Spent & { providerUs: number }> {
  const { pid } = await database.one<{ pid: number }>(sql`select pg_backend_pid() as pid`)
  const node = nodes[0]!.pid()!
  const { result, us } = await spend([node, parentOf(pid), simulator.pid()!, process.pid], payments, run)
  const [serverUs, postgresUs, providerUs, generatorUs] = us as [number, number, number, number]
  return { ...result, serverUs, postgresUs, providerUs, generatorUs, memoryMb: costOf(node).memoryMb }
}

async function tellSettled({ database }: Installation) {
  const settled = await database.query<{ ms: number; source: string }>(sql`
    select extract(epoch from completed_at - created_at)::float * 1000 as ms,
      (select source from evidence e where e.merchant_id = p.merchant_id and e.subject_id = p.id and e.effect = 'completed') as source
    from payments p where status = 'completed'`)
  const by = Map.groupBy(settled, ({ source }) => source)
  return {
    ...latencyOf(settled.map(({ ms }) => ms)),
    completedBy: Object.fromEntries([...by].map(([source, { length }]) => [source, length])),
  }
}

function problemsOf({ outside }: Installation, books: Books): string[] {
  const { lost, double, eventsMissing, callbacksLost, complaints } = books
  const repeated = [...outside.delivered].filter(([, count]) => count > 1)
  return [
    ...[lost, double, eventsMissing, callbacksLost, complaints].flat(),
    ...repeated.map(([id, count]) => `${id} was delivered ${count} times`),
  ]
}

async function get<Answer>({ simulator }: Installation, path: string): Promise<Answer> {
  return (await (await fetch(`${simulator.url}${path}`)).json()) as Answer
}

async function put({ simulator }: Installation, path: string, body: unknown): Promise<void> {
  const headers = { 'Content-Type': 'application/json' }
  const answer = await fetch(`${simulator.url}${path}`, { method: 'PUT', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path} was refused: ${await answer.text()}`)
}

/** Prints what struck, what settled, and what was found wrong. */
export function printFaults({ books, struck, completedBy, problems }: Faulty): void {
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .toSorted(([, left], [, right]) => right - left)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  const { payments, completed, unknown, acknowledged, shillings } = books
  console.log(`\nStruck: ${list(struck)}.`)
  console.log(`Completed by: ${list(completedBy)}; by the statement ${completed - sum(completedBy)}.`)
  console.log(
    `Of ${payments} payments ${completed} were paid, KES ${shillings} by the ledger and the books; nobody knows of ${unknown}, for which ` +
      `no money came. ${acknowledged} callbacks were taken. Problems: ${problems.length}.`,
  )
  for (const problem of problems.slice(0, 50)) console.log(`  ${problem}`)
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0)

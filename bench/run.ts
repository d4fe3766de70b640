import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbedded } from '../server/index.ts'
import { measureCallbacks } from './callbacks.ts'
import type { Coming } from './callbacks.ts'
import { measureFaults, printFaults } from './faults.ts'
import { atLeast, below, elsewhere, printGoals } from './goals.ts'
import type { Goal } from './goals.ts'
import { measureGrowth } from './growth.ts'
import { drawPictures, keepFigures } from './pictures.ts'
import { measurePayments } from './payments.ts'
import type { Whole } from './payments.ts'
import { measureSoak, printSoak } from './soak.ts'
import { measureSteps, printSteps, ratesAround } from './steps.ts'
import { measureSettled } from './settled.ts'
import { measureStart } from './start.ts'
import type { Loaded } from './load.ts'
import type { ServerName } from './served.ts'
import { printRows } from './table.ts'
import type { Row } from './table.ts'

/**
 * `npm run bench [name…]`: what Lango takes, beside a floor (a bare `node:http` server and hand-written statements for the same
 * tables) and the plain recipe (a transaction for each callback). All in one run on one machine, with the load generator and
 * PostgreSQL beside them: read the ratios and the CPU for each operation, not the numbers. At the end stands each goal, with what was
 * measured beside it.
 */
const [name, ...args] = process.argv.slice(2)
if (name === 'fill' || name === 'pages') {
  await measureGrowth(name, args)
  process.exit()
}
if (name === 'draw') {
  drawPictures()
  process.exit()
}
if (name === 'settled') {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { payments: { type: 'string', default: '10000' }, draw: { type: 'boolean', default: false } },
  })
  const beside = await measureSettled(positionals, { payments: Number(values.payments) })
  if (values.draw) keepFigures('settled', { beside })
  process.exit()
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    payments: { type: 'string', default: '40000' },
    connections: { type: 'string', default: '128' },
    minutes: { type: 'string', default: '60' },
    'per-second': { type: 'string', default: '150' },
    'beneath-snapshot': { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '6' },
    draw: { type: 'boolean', default: false },
  },
})
const payments = Number(values.payments)
const connections = Number(values.connections)
/** Of so many the simulator's log holds each request and callback. */
const faultyMost = 2_000
const fewer = (share: number) => Math.max(100, Math.floor(payments / share))

const directory = mkdtempSync(join(tmpdir(), 'lango-bench-'))
const embedded = await startEmbedded({ directory })
const end = async () => {
  await embedded.stop()
  rmSync(directory, { recursive: true, force: true })
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end().then(() => process.exit(1)))

const callbacks = async (name: ServerName, count: number, coming: Coming): Promise<Row & Loaded> => ({
  name,
  ...(await measureCallbacks(name, { url: embedded.url, payments: count, coming })),
})

const goals: Goal[] = []
const cpuOf = ({ serverUs, postgresUs }: Whole | Row): number => serverUs! + postgresUs!

/** What can be measured, by name. */
const benches: Record<string, () => Promise<void>> = {
  async callbacks() {
    const floor = await callbacks('floor', payments, { connections })
    const lango = await callbacks('lango', payments, { connections })
    const recipe = await callbacks('recipe', fewer(4), { connections })
    const half = await callbacks('lango', fewer(2), { perSecond: lango.perSecond / 2 })
    printRows(`callbacks: settled, durable before the reply, ${connections} at once`, [
      floor,
      lango,
      recipe,
      { ...half, name: 'lango, half load' },
    ])
    goals.push(
      atLeast('callbacks settled, of the rate of the floor', 0.7, lango.perSecond / floor.perSecond),
      atLeast('callbacks settled, per second', 12_000, lango.perSecond, 0),
      below('CPU of server and PostgreSQL for each callback', 1.4, cpuOf(lango) / cpuOf(floor), 'of the floor'),
      below('p99 of a callback’s reply at half that load', 50, half.p99Ms, 'ms'),
      below('memory at full load, callbacks', 300, lango.memoryMb!, 'MB'),
    )
  },
  async alone() {
    const rows: Row[] = []
    for (const name of ['floor', 'lango', 'recipe'] as const) rows.push(await callbacks(name, fewer(40), 'one by one'))
    printRows('alone: one callback at a time, on an idle server', rows)
    goals.push(below('one callback alone, p50', 2, rows[1]!.p50Ms!, 'ms'))
  },
  async payments() {
    for (const [callers, count, postgresMs] of [
      [1, fewer(80), 4],
      [64, fewer(8), 0.8],
    ] as const) {
      const measure = (name: 'lango' | 'whole') =>
        measurePayments({ name, url: embedded.url, payments: count, callers })
      const [floor, lango] = [await measure('whole'), await measure('lango')]
      const request = (of: string, { createP50Ms, createP99Ms }: Whole): Row => ({
        name: `  ${of}, the request`,
        p50Ms: createP50Ms,
        p99Ms: createP99Ms,
      })
      printRows(`payments: created, pushed, called back, settled, told to the shop; ${callers} at once`, [
        { name: 'floor', ...floor },
        { name: 'lango', ...lango },
        request('floor', floor),
        request('lango', lango),
      ])
      const who = callers === 1 ? 'alone' : `${callers} at once`
      goals.push(
        atLeast(`whole payments, ${who}, of the rate of the floor`, 0.6, lango.perSecond / floor.perSecond),
        below(`whole payment, ${who}, CPU of PostgreSQL`, postgresMs, lango.postgresUs / 1_000, 'ms'),
      )
      if (callers === 1)
        goals.push(
          below(
            '`POST /v1/payments` alone, p50 beside the provider’s time',
            5,
            lango.createP50Ms - lango.providerP50Ms,
            'ms',
          ),
        )
      else goals.push(below('memory at full load, whole payments', 300, lango.memoryMb, 'MB'))
    }
  },
  async faults() {
    const measure = (isBadDay: boolean) =>
      measureFaults({ payments: Math.min(fewer(20), faultyMost), callers: 32, seed: Number(values.seed), isBadDay })
    const [calm, faulty] = [await measure(false), await measure(true)]
    printRows('faults: whole payments through the simulator, from the request to the outcome; 32 at once', [
      { name: 'no faults', ...calm },
      { name: 'faults', ...faulty },
    ])
    printFaults(faulty)
    const problems = [...calm.problems, ...faulty.problems]
    goals.push({
      what: 'with the simulator’s faults, settled and told of otherwise than once',
      goal: 'none',
      figure: String(problems.length),
      isMet: problems.length === 0,
    })
  },
  async start() {
    const { firstMs, laterMs, idleMb } = await measureStart()
    goals.push(
      below('first `lango start` to ready', 3, firstMs / 1_000, 's'),
      below('later starts', 1, laterMs / 1_000, 's'),
      below('memory idle, with the simulator', 120, idleMb, 'MB'),
    )
  },
}

/** Callbacks by load, from a tenth of what is settled at full load to twice as much, the floor beside it. */
async function load(): Promise<void> {
  const { perSecond } = await callbacks('lango', fewer(4), { connections })
  const offered = { url: embedded.url, rates: ratesAround(perSecond), seconds: Number(values.seconds) }
  const [floor, lango] = [await measureSteps('floor', offered), await measureSteps('lango', offered)]
  printSteps({ floor, lango })
  if (values.draw) keepFigures('load', { lango, floor })
}

/** What takes an hour, and is measured only when it is asked for. */
async function soak(): Promise<void> {
  const minutes = Number(values.minutes)
  const stretches = await measureSoak(embedded.url, {
    minutes,
    perSecond: Number(values['per-second']),
    beneathSnapshot: values['beneath-snapshot'],
  })
  printSoak(stretches, { minutes })
  const [quarter, last] = [stretches[2]!, stretches.at(-1)!]
  goals.push(
    below('memory at the end of a soak', 1.1, last.memoryMb / quarter.memoryMb, 'of that after a quarter'),
    below(
      'CPU of PostgreSQL for a whole payment there',
      1.25,
      last.postgresUs / quarter.postgresUs,
      'of that after a quarter',
    ),
    below('p50 of a whole payment there', 1.25, last.p50Ms / quarter.p50Ms, 'of that after a quarter'),
    below('connections there', 1.01, last.connections / quarter.connections, 'of those after a quarter'),
  )
}

try {
  for (const [name, bench] of Object.entries(benches))
    if (positionals.length === 0 || positionals.includes(name)) await bench()
  if (positionals.includes('load')) await load()
  if (positionals.includes('soak')) await soak()
  if (positionals.length === 0) goals.push(...elsewhere)
  if (goals.length > 0) printGoals(goals)
} finally {
  await end()
}

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { shareCluster, startTestCluster } from '../database.ts'
import { runStorm, summarise } from '../storm.ts'

/**
 * `node testing/long/storms.ts --from 1 --storms 1000 --payments 120`: makes that many storms, each with a seed of its own, tells
 * of each that left the books wrong, and ends with one line that sums up all of them.
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    storms: { type: 'string', default: '1000' },
    payments: { type: 'string', default: '120' },
  },
})
const from = Number(values.from)
const seeds = Array.from({ length: Number(values.storms) }, (_, index) => from + index)
const total = { storms: 0, payments: 0, refunds: 0, payouts: 0, shillings: 0, deaths: 0, outages: 0 }
const wrong = { failed: 0, lost: 0, double: 0, eventsMissing: 0, undelivered: 0, callbacksLost: 0 }
const atOnce = 3
const tellEvery = 50

async function storm(seed: number): Promise<void> {
  const report = await runStorm({ seed, payments: Number(values.payments) })
  for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += name === 'storms' ? 1 : report[name]
  for (const name of Object.keys(wrong) as (keyof typeof wrong)[])
    wrong[name] += name === 'failed' ? Number(report.problems.length > 0) : report[name]
  if (report.problems.length > 0)
    console.log([...report.problems.map((each) => `  ${each}`), summarise(report)].join('\n'))
  else if (total.storms % tellEvery === 0) console.log(`${total.storms} of ${seeds.length}`)
}

/** A process for so many storms: a world that has ended leaves something behind, and a thousand of them more than fits. */
const perProcess = 100
const startedAt = process.hrtime.bigint()
if (seeds.length > perProcess) await inParts()
else await here()

async function here(): Promise<void> {
  const cluster = await startTestCluster()
  shareCluster(cluster.url)
  try {
    const waiting = [...seeds]
    const worker = async () => {
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) await storm(seed)
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  } finally {
    await cluster.stop()
  }
  process.send?.({ total, wrong })
}

async function inParts(): Promise<void> {
  for (let first = 0; first < seeds.length; first += perProcess) {
    const storms = Math.min(perProcess, seeds.length - first)
    const argv = ['--from', String(from + first), '--storms', String(storms), '--payments', values.payments]
    const child = fork(import.meta.filename, argv)
    child.on('message', (part: { total: typeof total; wrong: typeof wrong }) => {
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += part.total[name]
      for (const name of Object.keys(wrong) as (keyof typeof wrong)[]) wrong[name] += part.wrong[name]
    })
    await once(child, 'exit')
  }
}

const minutes = Number(process.hrtime.bigint() - startedAt) / 6e10
console.log(
  `seeds ${from} to ${from + seeds.length - 1}: storms ${total.storms}, payments ${total.payments}, refunds ${total.refunds}, ` +
    `payouts ${total.payouts}, KES ${total.shillings}, ${total.deaths} deaths, ${total.outages} outages, failed ${wrong.failed}, ` +
    `lost ${wrong.lost}, double ${wrong.double}, events missing ${wrong.eventsMissing}, undelivered ${wrong.undelivered}, ` +
    `callbacks lost ${wrong.callbacksLost} in ${minutes.toFixed(1)} min`,
)
process.exitCode = wrong.failed > 0 || total.storms < seeds.length ? 1 : 0

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbedded } from '../server/index.ts'
import { measureCallbacks } from './callbacks.ts'
import type { Coming } from './callbacks.ts'
import { measureGrowth } from './growth.ts'
import { measurePayments } from './payments.ts'
import type { Loaded } from './load.ts'
import type { ServerName } from './served.ts'
import { printRows } from './table.ts'
import type { Row } from './table.ts'

/**
 * `npm run bench [name…]`: what Lango takes, beside a floor (a bare `node:http` server and one hand-written statement for the same
 * tables) and the plain recipe (a transaction for each callback). All in one run on one machine, with the load generator and
 * PostgreSQL beside them: read the ratios and the CPU for each operation, not the numbers.
 */
const [name, ...args] = process.argv.slice(2)
if (name === 'fill' || name === 'pages') {
  await measureGrowth(name, args)
  process.exit()
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { payments: { type: 'string', default: '40000' }, connections: { type: 'string', default: '128' } },
})
const payments = Number(values.payments)
const connections = Number(values.connections)
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
  },
  async alone() {
    const rows: Row[] = []
    for (const name of ['floor', 'lango', 'recipe'] as const) rows.push(await callbacks(name, fewer(40), 'one by one'))
    printRows('alone: one callback at a time, on an idle server', rows)
  },
  async payments() {
    const rows: Row[] = []
    for (const [callers, count] of [
      [1, fewer(80)],
      [64, fewer(8)],
    ] as const) {
      const { createP50Ms, createP99Ms, ...whole } = await measurePayments({
        url: embedded.url,
        payments: count,
        callers,
      })
      rows.push({ name: `lango, ${callers} at once`, ...whole })
      rows.push({ name: '  of it the request', p50Ms: createP50Ms, p99Ms: createP99Ms })
    }
    printRows('payments: created, pushed, called back, settled, told to the shop', rows)
  },
}

try {
  for (const [name, bench] of Object.entries(benches))
    if (positionals.length === 0 || positionals.includes(name)) await bench()
} finally {
  await end()
}

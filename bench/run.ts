import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbedded } from '../server/index.ts'
import { measureCallbacks } from './callbacks.ts'
import type { Measured } from './callbacks.ts'
import { measureGrowth } from './growth.ts'

/**
 * `npm run bench`: how many STK callbacks are settled a second, durably, before their reply: by Lango, by a floor (a bare
 * `node:http` server with one hand-written statement for the same tables), and by the plain recipe (a transaction for each
 * callback). All in one run on one machine, with the load generator and PostgreSQL beside them: read the ratios, not the numbers.
 */
const [name, ...args] = process.argv.slice(2)
if (name === 'fill' || name === 'pages') {
  await measureGrowth(name, args)
  process.exit()
}

const { values } = parseArgs({
  options: { payments: { type: 'string', default: '60000' }, connections: { type: 'string', default: '128' } },
})
const payments = Number(values.payments)
const connections = Number(values.connections)
const directory = mkdtempSync(join(tmpdir(), 'lango-bench-'))
const embedded = await startEmbedded({ directory })

const results: Record<string, Measured> = {}
try {
  for (const name of ['floor', 'lango', 'recipe'] as const) {
    results[name] = await measureCallbacks(name, {
      url: embedded.url,
      payments: name === 'recipe' ? Math.floor(payments / 4) : payments,
      connections,
    })
  }
  results['lango at half load'] = await measureCallbacks('lango', {
    url: embedded.url,
    payments,
    connections,
    perSecond: results['lango']!.perSecond / 2,
  })
} finally {
  await embedded.stop()
  rmSync(directory, { recursive: true })
}

console.log(`\nSTK callbacks settled, durable before the reply (${connections} connections)\n`)
console.log('                      per second   of floor   p50 ms   p99 ms   memory MB')
for (const [name, { perSecond, p50Ms, p99Ms, memoryMb }] of Object.entries(results)) {
  const ratio = (perSecond / results['floor']!.perSecond).toFixed(2)
  console.log(
    `${name.padEnd(20)} ${perSecond.toFixed(0).padStart(12)} ${ratio.padStart(10)} ${p50Ms.toFixed(0).padStart(8)} ${p99Ms.toFixed(0).padStart(8)} ${memoryMb.toFixed(0).padStart(11)}`,
  )
}

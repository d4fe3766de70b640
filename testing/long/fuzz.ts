import { parseArgs } from 'node:util'
import { shareCluster, startTestCluster } from '../database.ts'
import { fuzz } from '../fuzz/fuzz.ts'

/**
 * `node testing/long/fuzz.ts --requests 60000 --seed 1`: asks a server so many generated requests, and tells each that was not
 * answered as it should be. Without a seed it takes one of its own, and prints it.
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '60000' },
    seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 1_000)) },
    connections: { type: 'string', default: '12' },
  },
})
const startedAt = process.hrtime.bigint()
console.log(`seed ${values.seed}`)
const cluster = await startTestCluster()
shareCluster(cluster.url)
try {
  const report = await fuzz({
    requests: Number(values.requests),
    seed: Number(values.seed),
    connections: Number(values.connections),
    progress: (text) => console.log(text),
  })
  const { complaints, before, after, ...rest } = report
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
  console.log(
    `${rest.requests} requests in ${seconds.toFixed(0)} s: ${JSON.stringify(rest.byStatus)}; slowest ${rest.slowestMs} ms, ${rest.late} late only among others, slowest upload ` +
      `${rest.slowestUploadMs} ms; memory ${before.used} MB, then ${after.used} MB (of the machine ${before.resident}, then ${after.resident}); ` +
      `${complaints.length} complaints`,
  )
  process.exitCode = complaints.length > 0 ? 1 : 0
} finally {
  await cluster.stop()
}

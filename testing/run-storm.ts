import { parseArgs } from 'node:util'
import { startTestCluster, shareCluster } from './database.ts'
import { runStorm, summarise } from './storm.ts'

/** `npm run storm -- --seed N --payments N`: makes one storm, tells how it ended, and exits with 1 if the books differ. */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, payments: { type: 'string', default: '1000' } },
})
const cluster = await startTestCluster()
shareCluster(cluster.url)
try {
  const report = await runStorm({ seed: Number(values.seed), payments: Number(values.payments) })
  for (const problem of report.problems) console.log(`  ${problem}`)
  console.log(summarise(report))
  process.exitCode = report.problems.length > 0 ? 1 : 0
} finally {
  await cluster.stop()
}

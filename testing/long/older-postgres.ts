import { spawnSync } from 'node:child_process'
import { programsForTests } from '../database.ts'
import { oldPostgres } from '../old-postgres.ts'
import { root } from '../tidy.ts'

/** The whole suite on each older PostgreSQL that may be given as DATABASE_URL: `node testing/long/older-postgres.ts`, or `… 16`. */
const asked = process.argv.slice(2).map(Number)
const majors = [15, 16, 17].filter((major) => asked.length === 0 || asked.includes(major))

const failed: number[] = []
for (const major of majors) {
  console.log(`\n# PostgreSQL ${major}`)
  const env = { ...process.env, [programsForTests]: await oldPostgres(major) }
  const argv = ['testing/run.ts', '--test-reporter=dot']
  if (spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit', env }).status !== 0) failed.push(major)
}
for (const major of failed) console.log(`Failed on PostgreSQL ${major}`)
process.exitCode = failed.length > 0 ? 1 : 0

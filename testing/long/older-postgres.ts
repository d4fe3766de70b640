import { spawnSync } from 'node:child_process'
import { programsForTests } from '../database.ts'
import { oldPostgres } from '../old-postgres.ts'
import { root } from '../tidy.ts'

/** The whole suite on each older PostgreSQL that may be given as DATABASE_URL: `node testing/long/older-postgres.ts`, or `… 16`. */
const asked = process.argv.slice(2).map(Number)
const majors = [15, 16, 17].filter((major) => asked.length === 0 || asked.includes(major))

const failed = majors.filter((major) => {
  console.log(`\n# PostgreSQL ${major}`)
  const env = { ...process.env, [programsForTests]: oldPostgres(major) }
  return (
    spawnSync(process.execPath, ['testing/run.ts', '--test-reporter=dot'], { cwd: root, stdio: 'inherit', env })
      .status !== 0
  )
})
for (const major of failed) console.log(`Failed on PostgreSQL ${major}`)
process.exitCode = failed.length > 0 ? 1 : 0

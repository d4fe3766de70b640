import { spawnSync } from 'node:child_process'
import { root } from '../tidy.ts'
import { skippedCode } from './processes/on-machine.ts'

/** The whole suite on tables that are spread over the machines of a Citus, to whose coordinator CITUS_URL leads. */
if (process.env['CITUS_URL'] === undefined) {
  console.log('Skipped: CITUS_URL leads to no Citus. docs/scaling.md says how one is set up.')
  process.exit(skippedCode)
}
const argv = ['testing/run.ts', '--test-reporter=dot', ...process.argv.slice(2)]
process.exitCode = spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' }).status ?? 1

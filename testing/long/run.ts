import { spawnSync } from 'node:child_process'
import { root } from '../tidy.ts'
import { skippedCode } from './processes/on-machine.ts'

/** What takes longer than `npm test` may: a name, and what Node is to run. */
const tests: [name: string, argv: string[]][] = [
  ['packages', ['--test', 'testing/long/packages.ts']],
  ['openapi', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/openapi.ts']],
  ['documents', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/documents.ts']],
  ['looks', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/looks.ts']],
  ['payer', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/payer.ts']],
  ['mutants', ['testing/long/mutants.ts']],
  ['storms', ['testing/long/storms.ts', '--storms', '1000']],
  ['storms', ['testing/long/storms.ts']],
  ['plans', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/plans.ts']],
  ['endpoints', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/many-endpoints.ts']],
  ['layouts', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/layouts.ts']],
  ['listen', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/listen.ts']],
  ['statement', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/statement.ts']],
  ['growth', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/growth.ts']],
  ['lists', ['--test', '--test-global-setup=testing/setup.ts', 'testing/long/lists.ts']],
  ['fuzz', ['testing/long/fuzz.ts']],
  ['neighbours', ['testing/long/neighbours.ts']],
  ['older-postgres', ['testing/long/older-postgres.ts']],
  ['move-postgres', ['--test', 'testing/long/move-postgres.ts']],
  ['verify', ['--test', 'testing/long/verify.ts']],
  ['kill-9', ['testing/long/kill-9.ts', '--rounds', '20']],
  ['rolling', ['testing/long/rolling.ts']],
  ['failover', ['testing/long/failover.ts']],
]

/** `npm run test:long`, or `npm run test:long packages` for some: runs each in turn, and ends with one line that counts them. */
const asked = process.argv.slice(2)
const chosen = tests.filter(([name]) => asked.length === 0 || asked.includes(name))
const ended = chosen.map(([name, argv]) => {
  console.log(`\n# ${name}: node ${argv.join(' ')}`)
  return { name, code: spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' }).status }
})
const [passed, skipped] = [0, skippedCode].map((code) => ended.filter((test) => test.code === code))
const failed = ended.filter(({ code }) => code !== 0 && code !== skippedCode)
for (const { name } of skipped!) console.log(`Skipped: ${name}`)
for (const { name } of failed) console.log(`Failed: ${name}`)
console.log(
  `${passed!.length} passed, ${failed.length} failed${skipped!.length > 0 ? `, ${skipped!.length} skipped` : ''}`,
)
process.exitCode = failed.length > 0 || chosen.length === 0 ? 1 : 0

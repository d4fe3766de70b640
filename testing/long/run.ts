import { spawnSync } from 'node:child_process'
import { root } from '../tidy.ts'
import { longTests } from './names.ts'
import { skippedCode } from './processes/on-machine.ts'

/** `npm run test:long`, or `npm run test:long packages` for some: runs each in turn, and ends with one line that counts them. */
const asked = process.argv.slice(2)
const chosen = longTests.filter(([name]) => asked.length === 0 || asked.includes(name))
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

import { spawn } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './tidy.ts'

// `npm test`: every test file, most of them several to a process, for to load the server takes longer than many a test. A file
// with hooks has a process of its own: they count for all the tests of a process.
const filesPerProcess = 8

const packages = 'daraja,pesaflow,simulator,server,cli,testing,client,examples,bench'
const files = globSync(`{${packages}}/**/*.test.ts`, { cwd: root, exclude: ['**/node_modules/**'] }).toSorted()
const hasHooks = (file: string) => /^(before|after)(Each)?\(/m.test(readFileSync(join(root, file), 'utf8'))
const alone = files.filter(hasHooks)
const together = files.filter((file) => !alone.includes(file))

const folder = join(root, 'node_modules', '.cache', 'tests')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const groups = Array.from({ length: Math.ceil(together.length / filesPerProcess) }, (_, index) => {
  const group = together.slice(index * filesPerProcess, (index + 1) * filesPerProcess)
  const file = join(folder, `${String(index).padStart(2, '0')}.test.mjs`)
  writeFileSync(file, group.map((path) => `import ${JSON.stringify(join(root, path))}\n`).join(''))
  return file
})

const options = ['--test', '--test-concurrency=2', '--test-global-setup=testing/setup.ts', ...process.argv.slice(2)]
const run = spawn(process.execPath, [...options, ...alone, ...groups], { cwd: root, stdio: 'inherit' })
run.once('exit', (code) => (process.exitCode = code ?? 1))

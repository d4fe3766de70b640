import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { longTests } from './long/names.ts'
import { readDocuments, root } from './tidy.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const names = [...new Set(longTests.map(([name]) => name))]

/** The rows of the table under a heading, without its head. */
function rowsUnder(path: string, heading: string): string[] {
  const [, part] = read(path).split(`\n## ${heading}\n`)
  assert.ok(part, `${path} has no ${heading}.`)
  return part
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
}

const tables = [
  ['docs/security.md', 'Threats'],
  ['docs/security.md', 'ASVS, level 2'],
  ['docs/operating.md', 'What shows it'],
] as const

for (const [path, heading] of tables)
  test(`each line of ${path}, ${heading}, names a test or a command that shows it`, () => {
    const rows = rowsUnder(path, heading)
    assert.ok(rows.length > 10)
    const isShown = (row: string) =>
      /\]\([^)]+\.test\.ts\)|`npm (run test:long|audit) [^`]+`/.test(row.split('|').at(-2)!)
    assert.deepEqual(
      rows.filter((row) => !isShown(row)),
      [],
    )
  })

test('each long test that is named is one, and each there is stands in CONTRIBUTING.md', () => {
  const contributing = read('CONTRIBUTING.md')
  const documents = [...readDocuments(), { path: 'CONTRIBUTING.md', text: contributing }]
  const named = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/test:long ([\w-]+)/g)].map(([, name]) => ({ path, name: name! })),
  )
  assert.ok(named.length > 5)
  assert.deepEqual(
    named.filter(({ name }) => !names.includes(name)),
    [],
  )
  assert.deepEqual(
    names.filter((name) => !contributing.includes(`\n| \`${name}\` |`)),
    [],
  )
  for (const [name, argv] of longTests) {
    const file = argv.find((word) => word.startsWith('testing/long/'))!
    assert.ok(existsSync(join(root, file)), `${name} is ${file}, which is not there.`)
  }
})

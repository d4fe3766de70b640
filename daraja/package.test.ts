import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import test from 'node:test'
import { describeBusinessResult, BUSINESS_RESULT_CODES } from './business-result-codes.ts'
import { CALLBACK_ADDRESSES } from './callback-addresses.ts'
import { asObject, parseJson } from './core/json.ts'
import { readError } from './core/judge.ts'
import { describeError } from './error-codes.ts'
import { readFixture } from './fixtures/fixture.ts'
import * as client from './index.ts'
import { parseResult } from './result.ts'

const folder = new URL('.', import.meta.url)

const filesIn = (path: string) =>
  readdirSync(new URL(path, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(path, name))

const [catalogue, core] = [filesIn('.'), filesIn('core')]
const sources = [...catalogue, ...core]

const source = (name: string) => readFileSync(new URL(name, folder), 'utf8')

/** The files that a module loads: types are stripped, so only imports of values count. */
function loads(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const [, from = ''] of source(name).matchAll(/^(?:import|export) (?!type )[^']*from '(\.[^']+)'/gm))
    loads(join(dirname(name), from), seen)
  return seen
}

test('the package imports nothing but its own files', () => {
  for (const name of sources) {
    for (const [, from = ''] of source(name).matchAll(/(?:from|import) ?\(?'([^']+)'/g)) {
      assert.match(from, /^\./, name)
      assert.ok(sources.includes(join(dirname(name), from)), `${name}: ${from}`)
    }
  }
})

test('every file of the catalogue can be imported by its name, and nothing else', () => {
  const { exports } = JSON.parse(source('package.json')) as { exports: Record<string, string> }
  const doors = catalogue.map((name) => [name === 'index.ts' ? '.' : `./${name.replace(/\.ts$/, '')}`, `./${name}`])
  assert.deepEqual(exports, Object.fromEntries(doors))
  assert.match(import.meta.resolve('@lango/daraja/stk-push'), /\/daraja\/stk-push\.ts$/)
  for (const inside of ['core/json', 'core/json.ts', 'fixtures/fixture', 'package.test'])
    assert.throws(() => import.meta.resolve(`@lango/daraja/${inside}`), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })
})

test('importing one API does not load the others', () => {
  const apis = new Set([
    'b2c.ts',
    'b2b.ts',
    'pull.ts',
    'reversal.ts',
    'ratiba.ts',
    'bill-manager.ts',
    'c2b-register.ts',
    'certificates.ts',
  ])
  apis.add('result-codes.ts')
  assert.deepEqual(
    [...loads('stk-push.ts')].filter((name) => apis.has(name)),
    [],
  )
  assert.deepEqual(
    [...loads('reversal.ts')].filter((name) => apis.has(name) && name !== 'reversal.ts'),
    [],
  )
})

test('every fixture is named in the list of fixtures, and holds JSON if it says so', () => {
  const list = source('fixtures/README.md')
  for (const name of readdirSync(new URL('fixtures', folder))) {
    if (name.endsWith('.ts') || name === 'README.md') continue
    assert.ok(list.includes(`\`${name}\``), `${name} is not listed.`)
    if (name.endsWith('.json')) assert.doesNotThrow(() => JSON.parse(readFixture(name)) as unknown, name)
  }
})

test('every result that was recorded is read as one', () => {
  const results = readdirSync(new URL('fixtures', folder)).filter((name) => name.includes('.result.'))
  assert.ok(results.length > 10)
  for (const name of results) {
    const result = parseResult(readFixture(name))
    assert.ok(result?.conversationId && result.originatorConversationId && result.transactionId, name)
  }
})

test('every error that was recorded is in the catalogue, and advises', () => {
  for (const name of readdirSync(new URL('fixtures', folder)).filter((file) => file.endsWith('.json'))) {
    const { code, message } = readError(asObject(parseJson(readFixture(name))))
    // Apigee's own faults have no codes of Daraja.
    if (code === undefined || code.startsWith('steps.')) continue
    const known = describeError(code, message)
    assert.ok(known && known.advice.length > 10, `${name}: ${code} is not known.`)
    assert.ok(known.messages.length === 0 || known.messages.some((words) => message?.includes(words)), name)
  }
})

test('a code means what its API means by it', () => {
  assert.match(describeBusinessResult('b2c', 1)?.meaning ?? '', /Utility/)
  assert.match(describeBusinessResult('b2b', '1')?.meaning ?? '', /Working/)
  assert.match(describeBusinessResult('reversal', 'R000001')?.meaning ?? '', /went back/)
  assert.equal(describeBusinessResult('reversal', 'never seen'), undefined)
  const pairs = BUSINESS_RESULT_CODES.flatMap(({ code, apis }) => apis.map((api) => `${api} ${code}`))
  assert.equal(new Set(pairs).size, pairs.length)
})

test('Safaricom names twelve addresses', () => {
  assert.equal(new Set(CALLBACK_ADDRESSES).size, 12)
})

test('the table of APIs in the documentation names what exists', () => {
  const rows = readFileSync(new URL('../docs/daraja.md', folder), 'utf8')
    .split('\n')
    .filter((line) => /^\| .*\.test\.ts` \|$/.test(line))
  assert.ok(rows.length >= 30)
  const fixtures = readdirSync(new URL('fixtures', folder))
  const code = sources.map(source).join('\n')
  for (const row of rows) {
    const [api, paths = '', functions = '', , prefixes = '', tests = ''] = row.split('|').slice(1, -1)
    const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)
    for (const name of quoted(functions))
      assert.equal(typeof Object.entries(client).find(([key]) => key === name)?.[1], 'function', `${api}: ${name}`)
    for (const prefix of quoted(prefixes))
      assert.ok(
        fixtures.some((name) => name.startsWith(prefix)),
        `${api}: ${prefix}`,
      )
    for (const name of quoted(tests)) assert.ok(readdirSync(folder).includes(name), `${api}: ${name}`)
    for (const path of quoted(paths)) assert.ok(code.includes(path.split('/').at(-1) ?? ''), `${api}: ${path}`)
  }
})

import assert from 'node:assert/strict'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { readMessage } from './core/judge.ts'
import { asObject, parseJson } from './core/json.ts'
import { readFixture } from './fixtures/fixture.ts'
import * as client from './index.ts'
import { findRefusal, REFUSALS } from './refusals.ts'

const folder = import.meta.dirname
const sources = globSync(['*.ts', 'core/*.ts'], { cwd: folder }).filter((name) => !name.endsWith('.test.ts'))

const source = (name: string) => readFileSync(`${folder}/${name}`, 'utf8')

test('the package imports nothing but its own files, and runs without Node', () => {
  for (const name of sources) {
    for (const [, from = ''] of source(name).matchAll(/(?:from|import) ?\(?'([^']+)'/g))
      assert.match(from, /^\.\.?\//, name)
    assert.doesNotMatch(source(name), /\bprocess\.\w|\brequire\(|\bBuffer\b|'node:/, name)
  }
  const { dependencies } = JSON.parse(source('package.json')) as { dependencies?: object }
  assert.equal(dependencies, undefined)
})

test('the package has one door', () => {
  assert.match(import.meta.resolve('@lango/pesaflow'), /\/pesaflow\/index\.ts$/)
  for (const inside of ['checkout', 'core/hash', 'fixtures/bill.ts'])
    assert.throws(() => import.meta.resolve(`@lango/pesaflow/${inside}`), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })
})

test('every fixture is named in the list of fixtures, and holds JSON if it says so', () => {
  const list = source('fixtures/README.md')
  for (const name of readdirSync(`${folder}/fixtures`)) {
    if (name.endsWith('.ts') || name === 'README.md') continue
    assert.ok(list.includes(`\`${name}\``), `${name} is not listed.`)
    if (name.endsWith('.json')) assert.doesNotThrow(() => JSON.parse(readFixture(name)) as unknown, name)
  }
})

test('every refusal that was recorded is in the catalogue, and advises', () => {
  const statuses = new Map(
    [...source('fixtures/README.md').matchAll(/^\| (.*?) \| (\d+) \|/gm)].map(([, names = '', status]) => [
      names,
      Number(status),
    ]),
  )
  const names = readdirSync(`${folder}/fixtures`).filter(
    (name) => /refused\.|not-found/.test(name) && !name.startsWith('oauth'),
  )
  assert.ok(names.length >= 6)
  for (const name of names) {
    const status = [...statuses].find(([listed]) => listed.includes(`\`${name}\``))?.[1] ?? assert.fail(name)
    const message = readMessage(asObject(parseJson(readFixture(name)))) ?? assert.fail(name)
    assert.ok(findRefusal(status, message), `${name}: ${message}`)
  }
  for (const { code, advice } of REFUSALS) assert.ok(advice.length > 20, code)
})

test('every notification that was recorded is read as one', () => {
  const names = readdirSync(`${folder}/fixtures`).filter((name) => name.startsWith('ipn.'))
  assert.ok(names.length >= 5)
  for (const name of names) {
    const ipn = client.parseIpn(readFixture(name))
    assert.ok(ipn?.invoiceNumber && ipn.reference && ipn.instalments.length > 0 && ipn.paidAt && ipn.hash, name)
    assert.equal(typeof ipn.paidCents, 'number', name)
  }
})

test('the table of APIs in the documentation names what exists', () => {
  const rows = readFileSync(`${folder}/../docs/pesaflow.md`, 'utf8')
    .split('\n')
    .filter((line) => /^\| .*\.test\.ts` \|$/.test(line))
  assert.ok(rows.length >= 6)
  const code = sources.map(source).join('\n')
  for (const row of rows) {
    const [api, paths = '', functions = '', prefixes = '', tests = ''] = row.split('|').slice(1, -1)
    const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)
    for (const name of quoted(functions))
      assert.equal(typeof Object.entries(client).find(([key]) => key === name)?.[1], 'function', `${api}: ${name}`)
    for (const prefix of quoted(prefixes))
      assert.ok(
        readdirSync(`${folder}/fixtures`).some((name) => name.startsWith(prefix)),
        `${api}: ${prefix}`,
      )
    for (const name of quoted(tests)) assert.ok(readdirSync(folder).includes(name), `${api}: ${name}`)
    for (const path of quoted(paths)) assert.ok(code.includes(path.replace(/^\w+ /, '')), `${api}: ${path}`)
  }
})

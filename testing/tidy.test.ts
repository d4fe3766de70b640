import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  apiWords,
  brokenLinks,
  linksOf,
  openTables,
  readDocuments,
  readRooms,
  readSources,
  readTests,
  strayClocks,
  vainExports,
  wrongArrows,
  wrongDependencies,
  wrongWrites,
} from './tidy.ts'

const rooms = readRooms()

/** One payment, from the request to the webhook. */
const STORY = [
  'server/payments/routes.ts',
  'server/payments/create.ts',
  'daraja/stk-push.ts',
  'server/callbacks/hear.ts',
  'server/callbacks/act.ts',
  'server/payments/settle.ts',
  'server/payments/payment.ts',
  'server/webhooks/deliver.ts',
]

test('imports follow the arrows of the design', () => {
  assertNone(readSources().flatMap((source) => wrongArrows(source, rooms)))
})

test('what is exported is imported somewhere', () => {
  const sources = readSources()
  assertNone(vainExports(sources, [...sources, ...readTests()]))
  const vain = { path: 'server/id.ts', text: "import { z } from 'zod'\nexport function nobodyWantsThis() {}" }
  assert.deepEqual(vainExports([vain], [...sources, vain]), [
    'server/id.ts:2 exports nobodyWantsThis, which nobody imports.',
  ])
})

test('each package names what it needs, and nothing else', () => {
  const sources = readSources()
  assertNone(wrongDependencies(sources))
  assert.deepEqual(wrongDependencies([...sources, { path: 'client/call.ts', text: "import axios from 'axios'" }]), [
    'client needs axios, unnamed.',
  ])
})

test('each room of the server writes the tables that it says it writes, and no others', () => {
  assertNone(wrongWrites(readSources(), rooms))
})

test('each folder of the server is a room that ARCHITECTURE.md tells of', () => {
  const folders = new Set(readSources().flatMap(({ path }) => /^server\/([^/]+)\//.exec(path)?.[1] ?? []))
  const told = rooms.map(({ name }) => name).filter((name) => name !== 'values')
  assert.deepEqual([...folders].sort(), told.sort())
})

test('only the clock of each package asks the time', () => {
  assertNone(readSources().flatMap(strayClocks))
})

test('what a verb refuses can be read on a page: what only the API can do stands apart', () => {
  assertNone(readSources().flatMap(apiWords))
  const text = "throw new Problem('conflict', 'Send it back: POST /v1/refunds.')"
  assert.deepEqual(apiWords({ path: 'server/refunds/create.ts', text }), [
    'server/refunds/create.ts:1 speaks of the API to whoever reads a page.',
  ])
})

test('a table that is asked by any word is a Map', () => {
  assertNone(readSources().flatMap(openTables))
  const text = "const failures: Record<string, string> = { '1': 'no funds' }"
  assert.deepEqual(openTables({ path: 'server/payments/failures.ts', text }), [
    'server/payments/failures.ts:1 has the table failures, which is asked by any word: make it a Map.',
  ])
})

test('links in the documents lead to files', () => {
  assertNone(readDocuments().flatMap(brokenLinks))
})

test('the README leads through one payment, eight files in order', () => {
  const readme = readDocuments().find(({ path }) => path === 'README.md')
  assert.ok(readme, 'There is no README.md.')
  const files = linksOf(readme).map(({ file }) => file)
  assert.deepEqual(files.slice(files.indexOf(STORY[0]!)).slice(0, STORY.length), STORY)
})

const cases = [
  ['daraja/client.ts', "import { newId } from '@lango/server'", 'daraja may not know server'],
  ['pesaflow/client.ts', "import { parsePhone } from '@lango/daraja'", 'pesaflow may not know daraja'],
  ['simulator/world.ts', "import { checkoutHash } from '@lango/pesaflow'", 'simulator may not know pesaflow'],
  ['cli/start.ts', "import { hashText } from '@lango/pesaflow/core/hash'", 'pesaflow has no such door'],
  ['server/context.ts', "import { createSimulator } from '@lango/simulator'", 'server may not know simulator'],
  ['server/context.ts', "import type { Phone } from '@lango/simulator'", 'server may not know simulator'],
  ['server/context.ts', "await import('@lango/simulator')", 'server may not know simulator'],
  ['server/context.ts', "export * from '../simulator/index.ts'", 'outside its package'],
  ['cli/start.ts', "import { settle } from '@lango/server/payments/settle.ts'", 'server has no such door'],
  ['server/money.ts', "import {\n  connect,\n} from './database/sql.ts'", 'values stands below database'],
  ['server/database/due.ts', "import { settle } from '../payments/settle.ts'", 'database stands below payments'],
  ['server/evidence/rounds.ts', "import type { Refund } from '../refunds/refund.ts'", 'evidence stands below refunds'],
  ['server/providers/names.ts', "import type { Provider } from './provider.ts'", 'values stands below providers'],
  ['server/payments/settle.ts', "import { createApp } from '../app.ts'", 'no part of the whole'],
  ['server/loyalty/points.ts', "import { sql } from '../database/sql.ts'", 'tells of no room loyalty'],
  ['server/payments/settle.ts', "import { paymentRoutes } from './routes.ts'", 'a verb stands below a route or page'],
] as const

for (const [path, text, complaint] of cases) {
  test(`${path} may not say ${text.replaceAll('\n', ' ')}`, () => {
    const [found = 'nothing', ...more] = wrongArrows({ path, text }, rooms)
    assert.match(found, new RegExp(`^${path}:${text.split('\n').length} imports .*${complaint}`))
    assert.deepEqual(more, [])
  })
}

test('what the design allows is allowed', () => {
  const allowed = [
    ['server/providers/mpesa/mpesa.ts', "import { pushStk } from '@lango/daraja'"],
    ['server/providers/pesaflow/checkout.ts', "import { checkout } from '@lango/pesaflow'"],
    ['cli/start.ts', "import { createPesaflow } from '@lango/pesaflow'"],
    ['cli/start.ts', "import { parsePhone } from '@lango/daraja/phone'"],
    ['server/database/due.ts', "import type { Context } from '../context.ts'"],
    ['server/payments/routes.ts', "import { settlePayments } from './settle.ts'"],
    ['server/app.ts', "import { paymentRoutes } from './payments/routes.ts'"],
  ] as const
  assertNone(allowed.flatMap(([path, text]) => wrongArrows({ path, text }, rooms)))
})

test('a write into a table of another room is named with the line', () => {
  const text = '// update payments is said here only.\nsql`\n  update payments p set status = 1`'
  const [own, other] = ['server/payments/pay.ts', 'server/merchants/pay.ts'].map((path) => ({ path, text }))
  const only = [
    { name: 'payments', writes: ['payments'] },
    { name: 'merchants', writes: [] },
  ]
  assertNone(wrongWrites([own!], only))
  assert.deepEqual(wrongWrites([own!, other!], only), [
    'server/merchants/pay.ts:3 writes payments, which merchants does not.',
  ])
  assert.deepEqual(wrongWrites([], only), [
    'ARCHITECTURE.md says that payments writes payments, and nothing there does.',
  ])
})

test('a file that asks the time is named with the line', () => {
  const text = '// new Date() is said here only.\nconst now = new Date()\nconst then = new Date(now)\n'
  assert.deepEqual(strayClocks({ path: 'server/id.ts', text }), ['server/id.ts:2 asks the time itself.'])
  assert.deepEqual(strayClocks({ path: 'server/clock.ts', text }), [])
})

test('a link that leads nowhere is named with the line', () => {
  const text =
    '# Lango\n[here](tidy.ts) [there](./no-such.md#part) [out](https://example.com) <img src="no-such.png">\n'
  assert.deepEqual(brokenLinks({ path: 'testing/read.md', text }), [
    'testing/read.md:2 links to ./no-such.md#part, which does not exist.',
    'testing/read.md:2 links to no-such.png, which does not exist.',
  ])
})

function assertNone(problems: string[]): void {
  assert.equal(problems.length, 0, problems.join('\n'))
}

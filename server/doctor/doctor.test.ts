import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createContext } from '../create-context.ts'
import { everywhere } from '../database/everywhere.ts'
import { raw, sql } from '../database/sql.ts'
import type { Database } from '../database/sql.ts'
import { newId } from '../id.ts'
import { createEndpoint } from '../webhooks/create-endpoint.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { examine } from './examine.ts'

/** The names of what must be fixed, but for the clock: a story's stands still. */
async function complaints({ context }: Story): Promise<string[]> {
  const findings = await examine(context)
  return findings.filter(({ state, name }) => state === 'fix' && !name.startsWith('the clocks')).map(({ name }) => name)
}

/** A shop that is told of everything, and one payment that was made, one that failed, one that waits, and a refund. */
async function trade(told: Story): Promise<{ paid: string }> {
  const { context, merchant } = told
  await createEndpoint(context, { merchant_id: merchant.id, mode: 'test', url: 'http://41.90.0.7/hook' })
  await told.advance('1 minute')
  const { id: paid } = await told.pay()
  told.simulator.phones.get('0712345678').approve()
  await told.payment(paid)
  await told.pay({ phone: '0799000120' })
  told.simulator.phones.get('0799000120').cancel()
  await told.pay({ phone: '0722000111' })
  await told.call('POST', '/v1/refunds', { payment_id: paid, amount: 40 })
  await told.simulator.settled()
  return { paid }
}

test('books that hold are found to hold', () =>
  story({}, async (told) => {
    await trade(told)
    assert.deepEqual(await complaints(told), [])
  }))

const breakages: [complaint: string, statement: string][] = [
  [
    'every completed payment has a receipt, or a search for it is due',
    `update payments set provider_receipt = null where status = 'completed'`,
  ],
  ['no receipt counts twice', 'update money_in set receipt = receipt || 1'],
  ['what a payment received is the sum of its receipts', 'update money_in set amount_cents = amount_cents + 1'],
  [
    'only paid payments have money, and those that are paid in parts less than all of it',
    `update payments set status = 'failed' where status = 'completed'`,
  ],
  ['no more goes back than came', 'update payments set refunded_cents = refunded_cents + 100'],
  ['no more goes back than came', 'delete from refunds'],
  ['each status that a payment entered has exactly one event', `delete from events where type = 'payment.completed'`],
  ['each status that a payment entered has exactly one event', `update events set version = version + 1`],
  ['the last event of a payment names its status', `update events set type = 'payment.failed'`],
  ['each status that a refund entered has exactly one event', `delete from events where type = 'refund.completed'`],
  ['every event is delivered to the endpoints that asked for it', 'delete from deliveries'],
]

for (const [complaint, statement] of breakages) {
  test(`it is noticed when not: ${complaint} (${statement})`, () =>
    story({}, async (told) => {
      // What comes now is looked at because it is new.
      await examine(told.context)
      await told.advance('72 hours')
      const { paid } = await trade(told)
      const { database } = told.context
      const constraints = await database.query<{ name: string }>(
        sql`select conname as name from pg_constraint where conrelid = 'payments'::regclass and contype = 'c'`,
      )
      for (const { name } of constraints) await database.query(raw(`alter table payments drop constraint "${name}"`))
      await everywhere(database, raw(statement))
      for (const all of [false, true]) {
        const found = (await examine(told.context, { all })).find(({ name }) => name === complaint)!
        assert.equal(found.state, 'fix')
        assert.ok(found.count >= 1)
        if (complaint.includes('payment')) assert.ok(found.examples.includes(paid))
      }
    }))
}

/** What the doctor says of how much it looked at, for payments. */
async function extent({ context }: Story, options = {}): Promise<string> {
  const findings = await examine(context, options)
  const { state, examples } = findings.find(({ name }) => name === 'so much of the books was looked at')!
  assert.equal(state, 'ok')
  return examples[0]!
}

/** What is wrong in the books alone. */
async function complaintsOfBooks(told: Story): Promise<string[]> {
  const found = await complaints(told)
  return found.filter((name) => breakages.some(([complaint]) => complaint === name))
}

test('what was right before is looked at again when it changes, or when all is to be; and that is said', () =>
  story({}, async (told) => {
    const { paid } = await trade(told)
    const { database, clock } = told.context
    await told.advance('72 hours')
    assert.equal(await extent(told), 'payments: all 3.')
    const since = clock.now().toISOString()
    const few = await extent(told)
    assert.match(few, /^payments: 0 that were made or changed since /)
    assert.ok(few.includes(since) && few.endsWith('are again with --all.'))

    // By hand, so that nothing tells of it.
    await database.query(sql`update payments set refunded_cents = refunded_cents + 100 where status = 'completed'`)
    assert.deepEqual(await complaintsOfBooks(told), [])
    const refund = await told.call('POST', '/v1/refunds', { payment_id: paid, amount: 5 })
    assert.equal(refund.status, 201)
    await told.simulator.settled()
    assert.deepEqual(await complaintsOfBooks(told), ['no more goes back than came'], 'It changed, and was looked at.')
    await told.advance('72 hours')
    assert.deepEqual(
      await complaintsOfBooks(told),
      ['no more goes back than came'],
      'What is wrong is told until it is not.',
    )
    await database.query(sql`update payments set refunded_cents = refunded_cents - 100 where status = 'completed'`)
    assert.deepEqual(await complaintsOfBooks(told), [])
    await told.advance('72 hours')

    await database.query(sql`update payments set received_cents = received_cents + 100 where status = 'completed'`)
    assert.deepEqual(await complaintsOfBooks(told), [])
    assert.equal(await extent(told, { all: true }), 'payments: all 3.')
    assert.deepEqual(await complaintsOfBooks(told), ['what a payment received is the sum of its receipts'])
  }))

test('every row is looked at, however many there are', () =>
  story({}, async (told) => {
    await trade(told)
    const { database, clock } = told.context
    const ids = Array.from({ length: 4_500 }, () => newId(clock.now()))
    await database.query(sql`
      insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
      select ${told.merchant.id}::uuid, id, 'payment.failed', id, 1, 'test', '', now() from unnest(${ids}::uuid[]) as id`)
    const found = (await examine(told.context)).find(({ name }) => name.startsWith('every event is delivered'))!
    assert.equal(found.count, 4_500)
    assert.equal(found.examples.length, 5)
  }))

test('work that no node does is noticed', () =>
  story({ promptLifeMs: 86_400_000 }, async (told) => {
    await told.pay()
    await told.advance('20 minutes')
    const [found] = (await examine(told.context)).filter(({ name }) => name.startsWith('nothing has been due'))
    assert.deepEqual(found!.examples, ['1 checks of payments'])
  }))

test('callbacks that wait on disk are noticed', async () => {
  const home = mkdtempSync(join(tmpdir(), 'lango-doctor-'))
  try {
    await story({ home }, async (told) => {
      const id = newId(told.clock.now())
      const callback = {
        id,
        merchant_id: id,
        kind: 'payment',
        subject_id: id,
        path: '',
        source_address: '',
        headers: {},
      }
      await told.context.spool!.keep({ ...callback, received_at: told.clock.now(), body: Buffer.from('{}') })
      assert.deepEqual(await complaints(told), [])
      await told.advance('20 minutes')
      assert.deepEqual(await complaints(told), ['no callback waits on disk for the database'])
    })
  } finally {
    rmSync(home, { recursive: true })
  }
})

test('a database that takes too long to answer is not held up, and that is said of each part', () =>
  story({}, async ({ context }) => {
    const slow = () => Promise.reject(Object.assign(new Error('canceling statement'), { code: '57014' }))
    const database: Database = {
      ...context.database,
      transaction: slow,
      eachPart: async (work) => [await work(database)],
    }
    const [schema, ...others] = await examine(createContext({ ...context, database }))
    assert.equal(schema!.state, 'ok')
    assert.equal(others.length, 5)
    for (const { state, examples } of others) {
      assert.equal(state, 'unknown')
      assert.match(examples[0]!, /longer than 20 s/)
    }
  }))

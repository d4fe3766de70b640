import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import { makeToken } from '../token.ts'
import { away, faultyDatabase, unheard } from '../../testing/faulty-database.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { drainSpool } from './drain-spool.ts'
import { booksOf } from '../../testing/books-of.ts'
import { toldOf } from '../../testing/told-of.ts'

const amina = '0712345678'

let home: string
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'lango-away-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

const isSettlement = ({ strings }: Sql) => /settled as \(\s+update payments p /.test(strings.join(''))

/** Everything that a node would do by itself about callbacks. */
async function catchUp({ context, sweep, advance }: Story): Promise<void> {
  await drainSpool.run(context)
  await sweep('callbacks')
  await advance(0)
}

const evidenceCount = async ({ context }: Story) =>
  (await context.database.one<{ count: number }>(sql`select count(*) from evidence`)).count

test('while the database is away, a callback is acknowledged and kept on disk, and settles when it returns', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap, home }, async (told) => {
    const { id } = await told.pay()
    fail(away)
    told.simulator.phones.get(amina).approve()
    await told.simulator.settled()
    assert.equal(told.simulator.log().at(-1)!.status, 200)
    const ready = await told.call('GET', '/readyz')
    assert.equal(ready.status, 503)
    const waiting = { count: 1, oldest_at: told.clock.now().toISOString() }
    assert.deepEqual(ready.body, { status: 'unavailable', database: 'unreachable', spool: waiting })
    await assert.rejects(drainSpool.run(told.context), /ECONNREFUSED/)

    fail(undefined)
    await catchUp(told)
    assert.equal((await told.payment(id)).status, 'completed')
    assert.deepEqual(await toldOf(told), ['payment.completed'])
    assert.deepEqual((await told.call('GET', '/readyz')).body.spool, { count: 0, oldest_at: null })
  })
})

test('a callback whose commit went through unseen changes nothing when it is replayed', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap, home }, async (told) => {
    const { id } = await told.pay()
    fail(unheard)
    told.simulator.phones.get(amina).cancel()
    await told.simulator.settled()
    fail(undefined)
    // Meanwhile a check finds out that the payer has paid after all: a failure that came now would contradict.
    await told.context.database.query(sql`
      update payments set status = 'completed', version = 2, completed_at = failed_at, receipt_due_at = failed_at`)
    const before = await evidenceCount(told)
    await catchUp(told)
    const paid = await told.payment(id)
    assert.equal(paid.status, 'completed')
    assert.equal(paid.needs_attention, null)
    assert.equal(await evidenceCount(told), before)
    assert.deepEqual(await toldOf(told), ['payment.failed'])
  })
})

test('while the spool fills, the database is not asked in vain', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap, home }, async (told) => {
    const asked = [await told.pay(), await told.pay({ phone: '0799000120' })]
    let count = 0
    fail((...statement) => {
      count++
      return away(...statement)
    })
    told.simulator.phones.get(amina).approve()
    await told.simulator.settled()
    told.simulator.phones.get('0799000120').approve()
    await told.simulator.settled()
    assert.equal(count, 1)
    fail(undefined)
    await catchUp(told)
    for (const { id } of asked) assert.equal((await told.payment(id)).status, 'completed')
    assert.equal(told.context.spool!.isFilling(), false)
  })
})

test('a database that hangs is not waited for', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap, home }, async (told) => {
    const { id } = await told.pay()
    let release = () => {}
    const hanging = new Promise<void>((resolve) => (release = resolve))
    fail(async (_, ask) => {
      await hanging
      return ask()
    })
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      told.simulator.phones.get(amina).approve()
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
      mock.timers.tick(4_000)
    } finally {
      mock.timers.reset()
    }
    await told.simulator.settled()
    assert.equal(told.simulator.log().at(-1)!.status, 200)
    fail(undefined)
    release()
    await catchUp(told)
    assert.equal((await told.payment(id)).status, 'completed')
    assert.deepEqual(await toldOf(told), ['payment.completed'])
  })
})

test('what names nobody for sure is not waited for either: its sender is told to come again', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap, home }, async (told) => {
    let release = () => {}
    const hanging = new Promise<void>((resolve) => (release = resolve))
    fail(async (_, ask) => {
      await hanging
      return ask()
    })
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const keptForYears = told.post(`/v1/in/${'a'.repeat(106)}/confirmation`, {})
      const stray = told.post('/v1/webhooks/mpesa', {})
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
      mock.timers.tick(4_000)
      assert.deepEqual([(await keptForYears).status, (await stray).status], [503, 503])
    } finally {
      mock.timers.reset()
      release()
    }
  })
})

test('after a stall of the database, what was kept on disk meets its own late original, and nobody is troubled', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap, home }, async (told) => {
    const phones = [amina, '0799000120', '0799000121', '0799000122']
    const ids: string[] = []
    for (const phone of phones) ids.push((await told.pay({ phone })).id)
    let release = () => {}
    const stalled = new Promise<void>((resolve) => (release = resolve))
    fail(async (_, ask) => {
      await stalled
      return ask()
    })
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      for (const phone of phones) told.simulator.phones.get(phone).approve()
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
      mock.timers.tick(4_000)
    } finally {
      mock.timers.reset()
    }
    await told.simulator.settled()
    fail(undefined)
    // The replay stands in line behind its originals, which are carried out only now.
    const caughtUp = catchUp(told)
    const isClaimed = sql`select 1 from callbacks where settle_at > ${told.context.clock.now()}`
    while ((await told.context.database.query(isClaimed)).length < ids.length)
      await new Promise((resolve) => setImmediate(resolve))
    release()
    await caughtUp
    await catchUp(told)
    for (const id of ids) {
      const { status, needs_attention } = await told.payment(id)
      assert.deepEqual([status, needs_attention], ['completed', null])
    }
    assert.equal((await toldOf(told)).length, ids.length)
    assert.deepEqual(await booksOf(told), { lango: 400, ledger: 400 })
    const { count } = await told.context.database.one<{ count: number }>(
      sql`select count(*) from callbacks where problem is not null or settle_at is not null`,
    )
    assert.equal(count, 0)
  })
})

test('what has no valid token, or comes to a node without a home, is answered 503 while the database is away', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap }, async (told) => {
    const { id } = await told.pay()
    fail(away)
    assert.equal((await told.post('/v1/webhooks/mpesa', {})).status, 503)
    told.simulator.phones.get(amina).approve()
    await told.simulator.settled()
    assert.equal(told.simulator.log().at(-1)!.status, 503)
    fail(undefined)
    assert.equal((await told.payment(id)).status, 'pending', 'it is left to the checks')
  })
})

test('when the disk has no room either, the callback is answered 503', () => {
  const { fail, wrap } = faultyDatabase()
  writeFileSync(join(home, 'spool'), '')
  return story({ wrap, home }, async (told) => {
    await told.pay()
    fail(away)
    told.simulator.phones.get(amina).approve()
    await told.simulator.settled()
    assert.equal(told.simulator.log().at(-1)!.status, 503)
  })
})

test('while the database is away, a payer at a paybill is not sent away, and nothing is kept of the question', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap, home }, async (told) => {
    const subject = {
      provider: 'mpesa',
      merchant_id: told.merchant.id,
      kind: 'c2b',
      subject_id: newId(told.clock.now()),
    } as const
    const address = `/v1/in/${makeToken(told.context.config.secretKeys, subject)}/validation`
    fail(away)
    const reply = await told.post(address, { TransID: 'UKK7X2M4QA' })
    assert.deepEqual(await reply.json(), { ResultCode: 0, ResultDesc: 'Accepted' })
    assert.equal((await told.context.spool!.state()).count, 0)
  })
})

test('while the database is away, a payer is sent away from an account that lets nobody in unjudged', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap, home }, async (told) => {
    await told.call('POST', '/v1/mpesa/c2b/register', { default_action: 'reject' })
    await told.sweep('c2b defaults')
    fail(away)
    const outcome = await told.simulator.phones.get(amina).pay({ shortcode: '174379', amount: 50, reference: 'RENT' })
    assert.deepEqual(outcome, { status: 'refused', code: 'C2B00016', reason: 'Rejected' })
    assert.deepEqual(told.simulator.ledger.entries, [])
  })
})

test('a callback that cannot be acted on is kept, and tried until it can', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap, home }, async (told) => {
    const { id } = await told.pay()
    fail((query, ask) => (isSettlement(query) ? Promise.reject(new Error('A bug of ours.')) : ask()))
    told.simulator.phones.get(amina).approve()
    await told.simulator.settled()
    assert.equal(told.simulator.log().at(-1)!.status, 200)
    await told.advance('6 s')
    assert.equal(await told.sweep('callbacks'), 1)
    fail(undefined)
    assert.equal((await told.payment(id)).status, 'pending')
    assert.equal(await told.sweep('callbacks'), 0)
    await told.advance('1 minute')
    assert.equal(await told.sweep('callbacks'), 1)
    assert.equal((await told.payment(id)).status, 'completed')
    assert.deepEqual(await toldOf(told), ['payment.completed'])
    await told.advance('1 hour')
    assert.equal(await told.sweep('callbacks'), 0)
  })
})

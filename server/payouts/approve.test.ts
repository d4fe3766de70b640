import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import {
  asked,
  countedToday,
  enable,
  enabled,
  inAgreement,
  payoutOf,
  secondKey,
  send,
  wanjiku,
} from '../../testing/payouts.ts'
import { toldOf } from '../../testing/told-of.ts'
import { story } from '../../testing/story.ts'
import { checkPayouts } from './check.ts'
import { disablePayouts, enablePayouts } from './enable.ts'

test('payouts are off until an owner enables them, and off again when one says so', () =>
  story({}, async (told) => {
    const body = { kind: 'b2c', phone: wanjiku, amount: 100 }
    const before = await told.call('POST', '/v1/payouts', body, { 'Idempotency-Key': 'p' })
    assert.deepEqual([before.status, before.body.error.code], [422, 'payouts_disabled'])
    const limits = { merchant_id: told.merchant.id, daily_limit_cents: 100_000, approval_above_cents: null }
    await assert.rejects(() => enablePayouts({ ...told.context, actor: 'key:story' }, limits), {
      code: 'owner_required',
    })
    await enable(told)
    await send(told, { amount: 100 }, { 'Idempotency-Key': 'p' })
    await disablePayouts({ ...told.context, actor: 'user:owner', isOwner: true }, told.merchant.id)
    const after = await told.call('POST', '/v1/payouts', { ...body, amount: 200 })
    assert.equal(after.body.error.code, 'payouts_disabled')
    const audited = await told.context.database.query<{ action: string }>(
      sql`select action from audit_log where action like 'payout%' order by id`,
    )
    assert.deepEqual(
      audited.map(({ action }) => action),
      ['payouts.enabled', 'payout.created', 'payouts.disabled'],
    )
  }))

test('of twenty payouts at once no more are sent than the limit of the day allows', () =>
  story({}, async (told) => {
    await enable(told, { limit: 1000 })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        told.call('POST', '/v1/payouts', { kind: 'b2c', phone: `2547110000${10 + index}`, amount: 300 }),
      ),
    )
    assert.equal(answers.filter(({ status }) => status === 201).length, 3)
    const refused = answers.find(({ status }) => status !== 201)!
    assert.deepEqual([refused.status, refused.body.error.code], [422, 'payout_limit_exceeded'])
    assert.match(refused.body.error.message, /1,000\.00 .* 100\.00 are left/)
    await told.simulator.settled()
    assert.equal(await countedToday(told), 900)
    await inAgreement(told)
    // The day of Nairobi ends three hours before that of UTC: it is 11:30 there.
    await told.advance('9 h')
    assert.equal((await told.call('POST', '/v1/payouts', { kind: 'b2c', phone: wanjiku, amount: 300 })).status, 422)
    await told.advance('31 minutes')
    await send(told, { amount: 300 })
  }))

test('above the threshold a payout waits for somebody else, and is then sent once', () =>
  enabled(
    async (told) => {
      assert.equal((await payoutOf(told, (await send(told, { amount: 5000 })).id)).status, 'completed')
      const waiting = await send(told, { amount: 5001 })
      assert.equal(waiting.status, 'awaiting_approval')
      await told.advance('2 h')
      await checkPayouts.run(told.context)
      assert.equal(asked(told, 'b2c'), 1)
      assert.equal(await countedToday(told), 10_001)

      const oneself = await told.call('POST', `/v1/payouts/${waiting.id}/approve`)
      assert.deepEqual([oneself.status, oneself.body.error.code], [403, 'second_person_required'])
      const accountant = await secondKey(told)
      const all = await Promise.all(
        [1, 2, 3].map(() => told.call('POST', `/v1/payouts/${waiting.id}/approve`, undefined, accountant)),
      )
      assert.deepEqual(all.map(({ status }) => status).sort(), [200, 409, 409])
      assert.equal((await payoutOf(told, waiting.id)).status, 'completed')
      assert.equal(asked(told, 'b2c'), 2)
      const approvals = await told.context.database.query<any>(sql`select decision, actor from approvals`)
      assert.deepEqual(
        approvals.map(({ decision }) => decision),
        ['approved'],
      )
      assert.match(approvals[0].actor, /^key:key_/)
      await inAgreement(told)
    },
    {},
    5000,
  ))

test('whoever makes keys is one person with all of them, however many lie between', () =>
  enabled(
    async (told) => {
      const waiting = await send(told, { amount: 5001 })
      let maker = told.merchant.key
      for (const name of ['the till', 'the till of the till']) {
        const scopes = ['keys:write', 'payouts:write', 'payments:read']
        const made = await told.call('POST', '/v1/api-keys', { name, scopes }, { 'X-API-Key': maker })
        maker = made.body.data.key
        const asOther = { 'X-API-Key': maker }
        const refused = await told.call('POST', `/v1/payouts/${waiting.id}/approve`, undefined, asOther)
        assert.deepEqual([refused.status, refused.body.error.code], [403, 'second_person_required'], name)
      }
      // What such a key asks for, the first key cannot approve either.
      const body = { kind: 'b2c', phone: '0711000012', amount: 6000 }
      const own = await told.call('POST', '/v1/payouts', body, { 'X-API-Key': maker })
      assert.equal((await told.call('POST', `/v1/payouts/${own.body.data.id}/approve`)).status, 403)
      assert.equal(asked(told, 'b2c'), 0)
      const accountant = await secondKey(told)
      for (const { id } of [waiting, own.body.data])
        assert.equal((await told.call('POST', `/v1/payouts/${id}/approve`, undefined, accountant)).status, 200)
    },
    {},
    5000,
  ))

test('a payout that is rejected has failed, was never sent, and gives its amount back', () =>
  enabled(
    async (told) => {
      const waiting = await send(told, { amount: 6000 })
      const accountant = await secondKey(told)
      const path = `/v1/payouts/${waiting.id}`
      const rejected = await told.call('POST', `${path}/reject`, { reason: 'Paid in cash' }, accountant)
      assert.equal(rejected.status, 200)
      assert.equal(rejected.body.data.status, 'failed')
      assert.deepEqual(rejected.body.data.failure, { code: 'rejected', message: 'Paid in cash', provider_code: null })
      assert.equal((await told.call('POST', `${path}/approve`, undefined, accountant)).status, 409)
      assert.deepEqual(await toldOf(told), ['payout.failed'])
      assert.equal(await countedToday(told), 0)
      assert.equal(asked(told, 'b2c'), 0)
      // Whoever asked may take it back.
      const other = await send(told, { amount: 7000 })
      assert.equal((await told.call('POST', `/v1/payouts/${other.id}/reject`)).status, 200)
    },
    {},
    5000,
  ))

test('of an approval and a rejection at once, one holds', () =>
  enabled(
    async (told) => {
      const { id } = await send(told, { amount: 6000 })
      const accountant = await secondKey(told)
      const both = await Promise.all(
        ['approve', 'reject'].map((verb) => told.call('POST', `/v1/payouts/${id}/${verb}`, undefined, accountant)),
      )
      assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409])
      const { status } = await payoutOf(told, id)
      assert.equal(status, both[0]!.status === 200 ? 'completed' : 'failed')
      await countedToday(told)
      await inAgreement(told)
    },
    {},
    5000,
  ))

test('what waits is not sent once payouts are off', () =>
  enabled(
    async (told) => {
      const { id } = await send(told, { amount: 6000 })
      await disablePayouts({ ...told.context, actor: 'user:owner', isOwner: true }, told.merchant.id)
      const refused = await told.call('POST', `/v1/payouts/${id}/approve`, undefined, await secondKey(told))
      assert.equal(refused.body.error.code, 'payouts_disabled')
      assert.equal((await payoutOf(told, id)).status, 'awaiting_approval')
      assert.equal(asked(told, 'b2c'), 0)
    },
    {},
    5000,
  ))

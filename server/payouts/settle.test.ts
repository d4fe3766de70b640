import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNode } from '../node.ts'
import { createContext } from '../create-context.ts'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import {
  asked,
  countedToday,
  enabled,
  inAgreement,
  payoutOf,
  resultOf,
  send,
  sentIntoSilence,
} from '../../testing/payouts.ts'
import { addressOf } from '../../testing/address-of.ts'
import { toldOf } from '../../testing/told-of.ts'
import { checkPayouts } from './check.ts'

test('a result that comes before the response finds its payout', () =>
  enabled(async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'early_callback', probability: 1 }] })
    const { id, status } = await send(told)
    assert.equal(status, 'completed')
    assert.equal((await payoutOf(told, id)).provider_outcome, 'accepted')
    assert.deepEqual(await toldOf(told), ['payout.completed'])
  }))

test('a result that comes many times, one after the other and at once, counts once', () =>
  enabled(async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'duplicate_callback', probability: 1 }] })
    const { id } = await send(told)
    await payoutOf(told, id)
    const { body } = told.lastCallback()
    for (let count = 0; count < 3; count++) await told.post(addressOf(told, 'payout', id), body)
    const replies = await Promise.all(Array.from({ length: 30 }, () => told.post(addressOf(told, 'payout', id), body)))
    assert.ok(replies.every(({ status }) => status === 200))
    assert.deepEqual(await toldOf(told), ['payout.completed'])
    assert.equal(await countedToday(told), 1500)
    assert.equal((await payoutOf(told, id)).version, 1)
    const { body: evidence } = await told.call('GET', `/v1/payouts/${id}/evidence`)
    assert.equal(evidence.data.length, 1 + 2 + 3 + 30, 'every copy is kept')
    await inAgreement(told)
  }))

test('a success after failure wins, and counts against its day again', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await told.post(addressOf(told, 'payout', id), resultOf({ code: 1, conversation }))
    assert.equal((await payoutOf(told, id)).status, 'failed')
    assert.equal(await countedToday(told), 0)
    await told.post(addressOf(told, 'payout', id), resultOf({ conversation }))
    const done = await payoutOf(told, id)
    assert.deepEqual([done.status, done.late, done.failure], ['completed', true, null])
    assert.equal(await countedToday(told), 1500)
    assert.deepEqual(await toldOf(told), ['payout.failed', 'payout.completed'])
  }))

test('a failure after success changes nothing, and is shown to a person', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await told.post(addressOf(told, 'payout', id), resultOf({ conversation }))
    await told.post(addressOf(told, 'payout', id), resultOf({ code: 1, conversation }))
    const done = await payoutOf(told, id)
    assert.deepEqual([done.status, done.needs_attention], ['completed', ['contradicts']])
    assert.equal(await countedToday(told), 1500)
    assert.deepEqual(await toldOf(told), ['payout.completed'])
  }))

test('of success and failure in one batch, the success wins', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await Promise.all(
      [1, 0, 1].map((code) => told.post(addressOf(told, 'payout', id), resultOf({ code, conversation }))),
    )
    assert.equal((await payoutOf(told, id)).status, 'completed')
    assert.equal((await toldOf(told)).at(-1), 'payout.completed')
    assert.equal(await countedToday(told), 1500)
  }))

test('a wrong amount settles nothing, and is shown to a person', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await told.post(addressOf(told, 'payout', id), resultOf({ conversation, amount: 15 }))
    const open = await payoutOf(told, id)
    assert.deepEqual([open.status, open.needs_attention], ['pending', ['wrong_amount']])
  }))

test('an amount that cannot be read settles nothing, is shown to a person, and is worth a check', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    for (const amount of ['1,50', 'abc', null, true, [1500], {}, -1500]) {
      await told.post(addressOf(told, 'payout', id), resultOf({ conversation, amount }))
      const open = await payoutOf(told, id)
      assert.deepEqual([open.status, open.needs_attention], ['pending', ['unreadable_amount']], JSON.stringify(amount))
    }
    assert.equal(await checkPayouts.run(told.context), 1)
  }))

test('a result that says that the payout is still under way, kept for later, or a repetition, says nothing', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    for (const code of [4999, 100000000, 15]) {
      await told.post(addressOf(told, 'payout', id), resultOf({ conversation, code }))
      assert.equal((await payoutOf(told, id)).status, 'pending', String(code))
    }
    await told.post(addressOf(told, 'payout', id), resultOf({ conversation }))
    assert.equal((await payoutOf(told, id)).status, 'completed')
  }))

test('one receipt belongs to one payout, also when two name it at the same moment', () =>
  enabled(async (told) => {
    const both = [await sentIntoSilence(told), await sentIntoSilence(told, { phone: '254799000120' })]
    await Promise.all(
      both.map(({ id, conversation }) => told.post(addressOf(told, 'payout', id), resultOf({ conversation }))),
    )
    const settled = await Promise.all(both.map(({ id }) => payoutOf(told, id)))
    assert.deepEqual(settled.map(({ status }) => status).sort(), ['completed', 'pending'])
    assert.deepEqual(settled.find(({ status }) => status === 'pending').needs_attention, ['receipt_used'])
  }))

test('a second receipt for one payout is shown to a person', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await told.post(addressOf(told, 'payout', id), resultOf({ conversation }))
    await told.post(addressOf(told, 'payout', id), resultOf({ conversation, receipt: 'UKK0000QQQ' }))
    const done = await payoutOf(told, id)
    assert.deepEqual([done.provider_receipt, done.needs_attention], ['UKK0000PPP', ['second_receipt']])
  }))

test("another payout's token settles neither of them, and a check is due", () =>
  enabled(async (told) => {
    const mine = await sentIntoSilence(told)
    const other = await sentIntoSilence(told, { phone: '254799000120' })
    await told.post(addressOf(told, 'payout', mine.id), resultOf({ conversation: other.conversation }))
    const open = await payoutOf(told, mine.id)
    assert.deepEqual([open.status, open.needs_attention], ['pending', ['mismatch']])
    assert.equal((await payoutOf(told, other.id)).status, 'pending')
    const { due } = await told.context.database.one<{ due: Date }>(
      sql`select check_at as due from payouts where id = ${parseId('pot', mine.id)}`,
    )
    assert.ok(due <= told.clock.now())
  }))

test('a result without a valid token settles nothing', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    const address = addressOf(told, 'payout', id)
    const forged = address.slice(0, -1) + (address.endsWith('0') ? '1' : '0')
    for (const path of ['/v1/webhooks/mpesa/b2c/result', '/v1/in/00', forged])
      await told.post(path, resultOf({ conversation }))
    assert.equal((await payoutOf(told, id)).status, 'pending')
    assert.deepEqual(await toldOf(told), [])
  }))

test("a result without a token, but from Safaricom's address, is worth a check at once", () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    told.simulator.faults.set({ rules: [] })
    const config = { ...told.context.config, trustedProxies: ['127.0.0.1'] }
    const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': '196.201.214.200' }
    const incoming = { socket: { remoteAddress: '127.0.0.1' } }
    const body = JSON.stringify(resultOf({ conversation }))
    const request = { method: 'POST', body, headers }
    await createNode({ ...told.context, config }).app.request('/v1/webhooks/mpesa/b2c/result', request, { incoming })
    assert.equal((await payoutOf(told, id)).status, 'pending', 'it settles nothing by itself')
    await checkPayouts.run(told.context)
    assert.equal((await payoutOf(told, id)).status, 'completed')
    await inAgreement(told)
  }))

test("for live money, a result from an address that is not Safaricom's settles nothing until a check confirms it", () =>
  enabled(
    async (told) => {
      const { id, conversation } = await sentIntoSilence(told)
      await told.post(addressOf(told, 'payout', id), resultOf({ conversation }))
      assert.equal((await payoutOf(told, id)).status, 'pending')
      await checkPayouts.run(told.context)
      assert.equal(asked(told, 'transactionstatus'), 1)
    },
    { environment: 'live' },
  ))

test('two nodes that hear the same, and check at the same moment, settle once', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    const other = createContext({ ...told.context })
    const app = createNode(other).app
    const body = JSON.stringify(resultOf({ conversation }))
    const headers = { 'Content-Type': 'application/json' }
    const post = () => app.request(addressOf(told, 'payout', id), { method: 'POST', headers, body })
    told.simulator.faults.set({ rules: [] })
    await told.advance('76 s')
    const [here, there] = await Promise.all([
      checkPayouts.run(told.context),
      checkPayouts.run(other),
      ...Array.from({ length: 10 }, () => [post(), told.post(addressOf(told, 'payout', id), body)]).flat(),
    ])
    assert.ok((here as number) + (there as number) <= 1)
    await told.simulator.settled()
    assert.equal((await payoutOf(told, id)).version, 1)
    assert.deepEqual(await toldOf(told), ['payout.completed'])
    assert.equal(await countedToday(told), 1500)
  }))

test('one poisoned result in a batch is set aside alone, and all the others settle', () =>
  enabled(async (told) => {
    const all: { id: string; conversation: string }[] = []
    for (let count = 10; count < 40; count++) all.push(await sentIntoSilence(told, { phone: `2547110000${count}` }))
    const replies = await Promise.all(
      all.map(({ id, conversation }, index) =>
        told.post(
          addressOf(told, 'payout', id),
          resultOf({ conversation, receipt: index === 7 ? 'NOT\u0000TEXT' : `UKK00000${10 + index}` }),
        ),
      ),
    )
    assert.ok(replies.every(({ status }) => status === 200))
    const { body } = await told.call('GET', '/v1/payouts?status=pending')
    assert.deepEqual(
      body.data.map(({ id, needs_attention }: any) => [id, needs_attention]),
      [[all[7]!.id, ['unreadable_evidence']]],
    )
  }))

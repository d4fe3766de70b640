import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { createKey } from '../access/key.ts'
import { scopes } from '../access/scope.ts'
import { asked, countedToday, enabled, inAgreement, payoutOf, send, wanjiku } from '../../testing/payouts.ts'
import { toldOf } from '../../testing/told-of.ts'

const kinds = [
  ['a person', { kind: 'b2c', reason: 'salary_payment', remarks: 'Salary: November!' }],
  ["a small trader's wallet", { kind: 'pochi' }],
  ['a paybill', { kind: 'b2b', phone: undefined, shortcode: '600000', account_reference: 'ACC-7' }],
  ['a till', { kind: 'b2b', phone: undefined, shortcode: '600001', shortcode_type: 'till' }],
] as const

for (const [receiver, input] of kinds) {
  test(`${receiver} is paid, with the receipt, and the shop is told`, () =>
    enabled(async (told) => {
      const made = await send(told, { ...input, metadata: { run: 11 } })
      assert.equal(made.provider_outcome, 'accepted')
      const done = await payoutOf(told, made.id)
      assert.equal(done.status, 'completed')
      assert.equal(done.provider_receipt, told.simulator.ledger.entries.at(-1)!.receipt)
      assert.ok(done.receiver_name && done.paid_at && done.completed_at)
      const events = await told.context.database.query<{ type: string; body: string }>(
        sql`select type, body from events`,
      )
      assert.deepEqual(
        events.map(({ type }) => type),
        ['payout.completed'],
      )
      const { data } = JSON.parse(events[0]!.body)
      assert.equal(data.payout_id, made.id)
      assert.deepEqual([data.version, data.amount, data.metadata], [1, '1500.00', { run: 11 }])
      assert.equal(data.provider_receipt, done.provider_receipt)
      const { body } = await told.call('GET', `/v1/payouts/${made.id}/evidence`)
      assert.deepEqual(
        body.data.map(({ source, effect }: any) => `${source} ${effect}`),
        ['ack informed', 'callback completed'],
      )
      assert.equal(await countedToday(told), 1500)
      await inAgreement(told)
    }))
}

test('what cannot be sent is refused in a sentence, and counts nothing', () =>
  enabled(async (told) => {
    const person = { kind: 'b2c', phone: wanjiku }
    const paybill = { kind: 'b2b', shortcode: '600000', account_reference: 'A', amount: 50 }
    const tries = [
      [{ ...person, amount: 9 }, 400, 'invalid_amount'],
      [{ ...person, amount: 250_001 }, 400, 'invalid_amount'],
      [{ ...person, amount: '10.50' }, 400, 'amount_not_whole'],
      [{ kind: 'b2c', amount: 50 }, 400, 'invalid_request'],
      [{ ...person, phone: '12', amount: 50 }, 400, 'invalid_phone'],
      [{ ...person, amount: 50, shortcode: '600000' }, 400, 'invalid_request'],
      [{ ...paybill, account_reference: undefined }, 400, 'invalid_request'],
      [{ ...paybill, account_reference: 'A&B' }, 400, 'invalid_reference'],
      [{ ...person, amount: 100_001 }, 422, 'payout_limit_exceeded'],
    ] as const
    for (const [body, status, code] of tries) {
      const refused = await told.call('POST', '/v1/payouts', body, { 'Idempotency-Key': 'one key' })
      assert.deepEqual([refused.status, refused.body.error.code], [status, code], JSON.stringify(body))
    }
    assert.equal(await countedToday(told), 0)
    // None of these was recorded: the key is still free.
    await send(told, {}, { 'Idempotency-Key': 'one key' })
  }))

test('an account without an API operator pays nobody, and says what to set', () =>
  enabled(
    async (told) => {
      const refused = await told.call('POST', '/v1/payouts', { kind: 'b2c', phone: wanjiku, amount: 100 })
      assert.deepEqual([refused.status, refused.body.error.code], [422, 'operator_required'])
      assert.equal(await countedToday(told), 0)
    },
    { operator: {} },
  ))

test('a key without the scope sends nothing, and a test key sends no live money', () =>
  enabled(
    async (told) => {
      const keyOf = async (granted: (typeof scopes)[number][], mode: 'test' | 'live') =>
        (await createKey(told.context, { merchant_id: told.merchant.id, name: 'weak', mode, scopes: granted })).key
      const weak = [
        await keyOf(['payments:read', 'payments:write'], 'live'),
        await keyOf(['payouts:write', 'payments:read'], 'test'),
      ]
      for (const key of weak) {
        const body = { kind: 'b2c', phone: wanjiku, amount: 100 }
        const refused = await told.call('POST', '/v1/payouts', body, { 'X-API-Key': key })
        assert.deepEqual([refused.status, refused.body.error.code], [403, 'forbidden'])
      }
    },
    { environment: 'live' },
  ))

test('a payout asked for twice with one key is sent once', () =>
  enabled(async (told) => {
    const body = { kind: 'b2c', phone: wanjiku, amount: 400 }
    const key = { 'Idempotency-Key': 'salary-11' }
    const all = await Promise.all([1, 2, 3].map(() => told.call('POST', '/v1/payouts', body, key)))
    assert.ok(all.some(({ status }) => status === 201))
    assert.ok(all.every(({ status }) => [201, 409].includes(status)))
    await told.simulator.settled()
    const again = await told.call('POST', '/v1/payouts', body, key)
    assert.equal(again.headers.get('Idempotency-Replayed'), 'true')
    assert.deepEqual(again.body, all.find(({ status }) => status === 201)!.body)
    const other = await told.call('POST', '/v1/payouts', { ...body, amount: 401 }, key)
    assert.deepEqual([other.status, other.body.error.code], [422, 'idempotency_key_reused'])
    assert.equal(asked(told, 'b2c'), 1)
    assert.equal(await countedToday(told), 400)
  }))

test('without a key, the same payout within a minute is refused, unless the first one failed', () =>
  enabled(async (told) => {
    const first = await send(told)
    const second = await told.call('POST', '/v1/payouts', { kind: 'b2c', phone: '0712 345 678', amount: 1500 })
    assert.deepEqual([second.status, second.body.error.code], [409, 'duplicate_payout'])
    assert.equal(second.body.error.payout_id, first.id)
    await told.advance('61 s')
    await send(told)
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'spike_arrest', probability: 1 }] })
    assert.equal((await send(told, { amount: 70 })).status, 'failed')
    assert.equal((await send(told, { amount: 70 })).status, 'failed')
  }))

test('an external reference belongs to one payout', () =>
  enabled(async (told) => {
    const first = await send(told, { external_reference: 'run-7/wanjiku' })
    const body = { kind: 'b2c', phone: wanjiku, amount: 90, external_reference: 'run-7/wanjiku' }
    const second = await told.call('POST', '/v1/payouts', body)
    assert.deepEqual([second.status, second.body.error.code], [409, 'duplicate_external_reference'])
    assert.equal(second.body.error.payout_id, first.id)
    assert.equal(await countedToday(told), 1500)
  }))

test('a short code that lacks the money pays nobody, and the day has its amount back', () =>
  enabled(async (told) => {
    told.simulator.organisations.set('174379', { accounts: { 'Utility Account': 10 } })
    const { id } = await send(told)
    const { status, failure } = await payoutOf(told, id)
    assert.equal(status, 'failed')
    assert.deepEqual([failure.code, failure.provider_code], ['insufficient_funds', '1'])
    assert.match(failure.message, /Utility account/)
    assert.deepEqual(await toldOf(told), ['payout.failed'])
    assert.equal(await countedToday(told), 0)
    await inAgreement(told)
  }))

const documentedFailures = [
  ['254700000008', 'receiver_full', '8'],
  ['254700002040', 'receiver_invalid', '2040'],
  ['254700009003', 'receiver_invalid', 'SFC_IC0003'],
  ['254700002001', 'operator_invalid', '2001'],
] as const

for (const [phone, code, providerCode] of documentedFailures) {
  test(`a payout that M-Pesa ends with ${providerCode} has failed as ${code}`, () =>
    enabled(async (told) => {
      const { id } = await send(told, { phone })
      const { failure } = await payoutOf(told, id)
      assert.deepEqual([failure.code, failure.provider_code], [code, providerCode])
      assert.equal(await countedToday(told), 0)
    }))
}

test('a payout that M-Pesa refuses at once has failed, and its amount is given back', () =>
  enabled(async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'spike_arrest', probability: 1 }] })
    const refused = await send(told)
    assert.equal(refused.status, 'failed')
    assert.equal(refused.failure.code, 'refused')
    assert.equal(await countedToday(told), 0)
    assert.deepEqual(await toldOf(told), ['payout.failed'])
  }))

test('payouts are listed newest first, page by page, and narrowed down', () =>
  enabled(async (told) => {
    const first = await send(told, { external_reference: 'run-1' })
    await told.advance('1 h')
    const second = await send(told, { kind: 'pochi', phone: '254799000120', amount: 20 })
    const paybill = { kind: 'b2b', phone: undefined, shortcode: '600000', account_reference: 'ACC-7', amount: 30 }
    const third = await send(told, paybill)
    const { provider_receipt } = await payoutOf(told, first.id)
    const ids = async (query: string) =>
      (await told.call('GET', `/v1/payouts?${query}`)).body.data.map(({ id }: { id: string }) => id)
    assert.deepEqual(await ids(''), [third.id, second.id, first.id])
    const { body } = await told.call('GET', '/v1/payouts?limit=2')
    assert.deepEqual(await ids(`limit=2&cursor=${body.meta.next_cursor}`), [first.id])
    assert.deepEqual(await ids('kind=pochi'), [second.id])
    assert.deepEqual(await ids('status=completed&until=2026-11-20T12:00:00Z'), [first.id])
    for (const search of [first.id, provider_receipt.slice(0, 9), 'run-1', '0712345'])
      assert.deepEqual(await ids(`search=${encodeURIComponent(search)}`), [first.id], search)
    assert.deepEqual(await ids('search=6000'), [third.id])
    assert.deepEqual(await ids('phone=0799000120'), [second.id])
    assert.equal((await told.call('GET', '/v1/payouts?cursor=pay_1')).body.error.code, 'invalid_cursor')
    assert.equal((await told.call('GET', '/v1/payouts/pot_0193a6c177b27d0e8f21c4d5e6f70812')).status, 404)
  }))

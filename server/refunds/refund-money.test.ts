import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faulty, inAgreement, moneyOf, refundOf } from '../../testing/refunds.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { examineInvariants } from '../doctor/invariants.ts'
import { newId, parseId } from '../id.ts'
import { settlePayments } from '../payments/settle.ts'
import { settleReversals } from './reversals.ts'

type Scene = Story & {
  /** The receipt of money that nobody knows. */
  arrived(amount?: number): Promise<string>
  sendBack(receipt: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: any }>
  money(receipt: string): Promise<any>
}

/** A shop that hears of C2B. In the end the books agree with the ledger, and hold. */
function scene(plot: (scene: Scene) => Promise<void>): Promise<void> {
  return story({}, async (told) => {
    await told.call('POST', '/v1/mpesa/c2b/register')
    await plot({
      ...told,
      async arrived(amount = 500) {
        const phone = told.simulator.phones.get('0712345678')
        const paid = await phone.pay({ shortcode: '174379', amount, reference: 'SHOES' })
        await told.simulator.settled()
        assert.ok(paid.status === 'paid')
        return paid.receipt
      },
      sendBack: (receipt, body, headers) => told.call('POST', `/v1/money-in/${receipt}/refund`, body, headers),
      money: async (receipt) => (await told.call('GET', `/v1/money-in?receipt=${receipt}`)).body.data[0],
    })
    await told.simulator.settled()
    await inAgreement(told)
    for (const { name, count } of await examineInvariants(told.context)) assert.equal(count, 0, name)
  })
}

test('money that nobody wants is sent back in one call', () =>
  scene(async (told) => {
    const receipt = await told.arrived()
    const { status, body } = await told.sendBack(receipt.toLowerCase())
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual([body.data.amount, body.data.payment_id, body.data.payment_receipt], ['500.00', null, receipt])
    assert.equal((await refundOf(told, body.data.id)).status, 'completed')
    const money = await told.money(receipt)
    assert.deepEqual([money.amount_reversed, money.amount_reserved, money.payment_id], ['500.00', '0.00', null])
    assert.ok(money.reversed_at)
    const events = (await told.call('GET', '/v1/events')).body.data.map(({ type }: any) => type)
    assert.deepEqual(events, ['refund.completed', 'c2b.received'])
  }))

test('a part is sent back, and what is left can go to a payment, which knows of the part', () =>
  scene(async (told) => {
    const receipt = await told.arrived()
    const { body } = await told.sendBack(receipt, { amount: 200, reason: 'Paid too much' })
    await refundOf(told, body.data.id)
    const { id } = await told.pay({ phone: '0799000120', amount: 500 })
    assert.equal((await told.call('POST', `/v1/money-in/${receipt}/assign`, { payment_id: id })).status, 200)
    assert.deepEqual(await moneyOf(told, id), [50_000, 0, 20_000])
  }))

test('twenty who send the same money back at once send it back once', () =>
  scene(async (told) => {
    const receipt = await told.arrived()
    const answers = await Promise.all(Array.from({ length: 20 }, () => told.sendBack(receipt)))
    assert.equal(answers.filter(({ status }) => status === 201).length, 1)
    for (const { status, body } of answers)
      if (status !== 201) assert.deepEqual([status, body.error.code], [409, 'refund_exceeds_received'])
  }))

test('the same key sends money back once, and gets the first answer again', () =>
  scene(async (told) => {
    const receipt = await told.arrived()
    const headers = { 'Idempotency-Key': 'back-1' }
    const first = await told.sendBack(receipt, { amount: 100 }, headers)
    assert.deepEqual((await told.sendBack(receipt, { amount: '100.00' }, headers)).body, first.body)
    const other = await told.sendBack(receipt, { amount: 200 }, headers)
    assert.equal(other.body.error.code, 'idempotency_key_reused')
  }))

test('when M-Pesa refuses, the money is free again', () =>
  scene(async (told) => {
    const receipt = await told.arrived()
    told.simulator.faults.set(faulty('spike_arrest'))
    const { body } = await told.sendBack(receipt)
    assert.equal(body.data.status, 'failed')
    assert.equal((await told.money(receipt)).amount_reserved, '0.00')
    told.simulator.faults.set({ rules: [] })
    assert.equal((await told.sendBack(receipt)).status, 201)
  }))

test('money that turns out to be a payment’s while it is on its way back brings its refund with it', () =>
  scene(async (told) => {
    const receipt = await told.arrived()
    const { id } = await told.pay({ phone: '0799000120', amount: 500 })
    told.simulator.faults.set(faulty('drop_callback'))
    const { body } = await told.sendBack(receipt)
    assert.equal((await told.money(receipt)).amount_reserved, '500.00')
    const given = await told.call('POST', `/v1/money-in/${receipt}/assign`, { payment_id: id })
    assert.match(given.body.error.message, /on its way back/)

    const at = told.context.clock.now()
    const named = { source: 'callback', verdict: 'success', receipt, amount_cents: 50_000 } as const
    const payment = { merchant_id: told.merchant.id, payment_id: parseId('pay', id)! }
    assert.deepEqual(await settlePayments(told.context, [{ ...named, ...payment, id: newId(at), at }]), ['completed'])
    const twice = await told.call('POST', '/v1/refunds', { payment_id: id })
    assert.deepEqual([twice.status, twice.body.error.code], [409, 'refund_exceeds_received'])

    const gone = { merchant_id: told.merchant.id, provider: 'mpesa', environment: 'simulator', receipt } as const
    await settleReversals(told.context, [
      { ...gone, reversal_receipt: 'UKK0000RRR', amount_cents: 50_000, at, source: 'statement' },
    ])
    assert.deepEqual((await refundOf(told, body.data.id)).payment_id, id)
    assert.deepEqual(await moneyOf(told, id), [50_000, 0, 50_000])
    assert.equal((await told.payment(id)).status, 'reversed')
  }))

test('money that is a payment’s is not sent back this way, and money that does not exist is not found', () =>
  scene(async (told) => {
    const { id } = await told.pay({ amount: 100 })
    told.simulator.phones.get('0712345678').approve()
    const { provider_receipt } = await told.payment(id)
    const taken = await told.sendBack(provider_receipt)
    assert.deepEqual([taken.status, taken.body.error.code, taken.body.error.payment_id], [409, 'already_assigned', id])
    assert.equal((await told.sendBack('UKK0000000')).status, 404)
    const key = await told.call('POST', '/v1/api-keys', { name: 'reader', scopes: ['payments:write'] })
    const denied = await told.sendBack('UKK0000000', {}, { 'X-API-Key': key.body.data.key })
    assert.equal(denied.status, 403)
  }))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import { settlePayment } from '../payments/settle.ts'
import { addressOf } from '../../testing/address-of.ts'
import {
  conversationOf,
  faulty,
  inAgreement,
  moneyOf,
  paid,
  refund,
  refundOf,
  resultOf,
} from '../../testing/refunds.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { toldOf } from '../../testing/told-of.ts'

test('a result that comes before the response finds its refund', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('early_callback'))
    const { id, status } = await refund(told, { payment_id: payment.id })
    assert.equal(status, 'completed')
    assert.equal((await refundOf(told, id)).provider_outcome, 'accepted')
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed', 'payment.reversed'])
  }))

test('a result that comes twice counts once', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('duplicate_callback'))
    const { id } = await refund(told, { payment_id: payment.id, amount: 60 })
    await refundOf(told, id)
    const result = told.lastCallback()
    await Promise.all(Array.from({ length: 10 }, () => told.post(addressOf(told, 'refund', id), result.body)))
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 6_000])
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed'])
    await inAgreement(told)
  }))

test('a success after failure wins, for the money did go back', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('drop_callback'))
    const { id } = await refund(told, { payment_id: payment.id, amount: 60 })
    await told.simulator.settled()
    const conversation = await conversationOf(told)
    await told.post(addressOf(told, 'refund', id), resultOf({ code: 1, conversation }))
    assert.equal((await refundOf(told, id)).status, 'failed')
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 0])
    const { receipt } = told.simulator.ledger.entries.at(-1)!
    const of = payment.provider_receipt
    await told.post(addressOf(told, 'refund', id), resultOf({ receipt, of, amount: 60, conversation }))
    const late = await refundOf(told, id)
    assert.equal(late.status, 'completed')
    assert.equal(late.late, true)
    assert.equal(late.failure, null)
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 6_000])
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.failed', 'refund.completed'])
    await inAgreement(told)
  }))

test('a late success takes what another refund has reserved since, and never is more given back than came', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('queue_timeout'))
    const first = await refund(told, { payment_id: payment.id, amount: 60 })
    await told.post(addressOf(told, 'refund', first.id), resultOf({ code: 21, conversation: undefined as any }))
    await told.context.database.query(
      sql`update refunds set status = 'failed', failure_code = 'provider_error', check_at = null`,
    )
    await told.context.database.query(sql`update payments set reserved_cents = 0`)
    const second = await refund(told, { payment_id: payment.id, amount: 100 })
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 10_000, 0])
    const of = payment.provider_receipt
    const conversations = await told.context.database.query<any>(sql`select conversation_id from refunds order by id`)
    const [one, two] = conversations.map(({ conversation_id }) => conversation_id)
    await told.post(addressOf(told, 'refund', first.id), resultOf({ of, amount: 60, conversation: one }))
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 4_000, 6_000])
    await told.post(addressOf(told, 'refund', second.id), resultOf({ code: 'R000001', conversation: two }))
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 6_000])
  }))

test('a failure after success changes nothing, and is shown to a person', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    const { id } = await refund(told, { payment_id: payment.id, amount: 50 })
    await told.simulator.settled()
    const conversation = await conversationOf(told)
    await told.post(addressOf(told, 'refund', id), resultOf({ code: 2001, conversation }))
    const done = await refundOf(told, id)
    assert.equal(done.status, 'completed')
    assert.deepEqual(done.needs_attention, ['contradicts'])
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 5_000])
  }))

test('a second receipt for one refund is money that went back as well', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    const { id } = await refund(told, { payment_id: payment.id, amount: 40 })
    await told.simulator.settled()
    const conversation = await conversationOf(told)
    const second = resultOf({ receipt: 'UKK0000SEC', of: payment.provider_receipt, amount: 40, conversation })
    await told.post(addressOf(told, 'refund', id), second)
    await told.post(addressOf(told, 'refund', id), second)
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 8_000])
    assert.deepEqual((await refundOf(told, id)).needs_attention, ['second_receipt'])
  }))

const forgeries = [
  ['without a valid token', (told: Story, id: string) => `${addressOf(told, 'refund', id).slice(0, -1)}x`, {}, null],
  ['that names another request', (told: Story, id: string) => addressOf(told, 'refund', id), {}, 'mismatch'],
  [
    'that names other money',
    (told: Story, id: string) => addressOf(told, 'refund', id),
    { of: 'UKK0000OTH' },
    'mismatch',
  ],
] as const

for (const [forged, address, said, attention] of forgeries) {
  test(`a result ${forged} settles nothing`, () =>
    story({}, async (told) => {
      const payment = await paid(told)
      told.simulator.faults.set(faulty('queue_timeout'))
      const { id } = await refund(told, { payment_id: payment.id })
      await told.simulator.settled()
      await told.post(
        address(told, id),
        resultOf({ of: payment.provider_receipt, conversation: 'AG_20261120_forged', ...said }),
      )
      await told.post(address(told, id), resultOf({ code: 1, conversation: 'AG_20261120_forged' }))
      const still = await refundOf(told, id)
      assert.equal(still.status, 'pending')
      assert.deepEqual(still.needs_attention, attention && [attention])
      assert.deepEqual(await moneyOf(told, payment.id), [10_000, 10_000, 0])
    }))
}

test('a time-out that comes to another of our addresses says nothing either', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('drop_callback'))
    const { id } = await refund(told, { payment_id: payment.id })
    await told.simulator.settled()
    const conversation = await conversationOf(told)
    const token = addressOf(told, 'refund', id).split('/').at(-1)!
    await told.post(`/v1/webhooks/mpesa/reversal/timeout/${token}`, resultOf({ code: 1, conversation }))
    assert.equal((await refundOf(told, id)).status, 'pending')
    await told.post(`/v1/webhooks/mpesa/reversal/result/${token}`, resultOf({ code: 1, conversation }))
    assert.equal((await refundOf(told, id)).status, 'failed')
  }))

test('a result of another amount settles nothing, and is shown to a person', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('drop_callback'))
    const { id } = await refund(told, { payment_id: payment.id })
    await told.simulator.settled()
    const conversation = await conversationOf(told)
    await told.post(addressOf(told, 'refund', id), resultOf({ of: payment.provider_receipt, amount: 1, conversation }))
    assert.deepEqual((await refundOf(told, id)).needs_attention, ['wrong_amount'])
    assert.equal((await refundOf(told, id)).status, 'pending')
  }))

test('a result of an amount that cannot be read, or that the refund is still under way, settles nothing', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('drop_callback'))
    const { id } = await refund(told, { payment_id: payment.id })
    await told.simulator.settled()
    const conversation = await conversationOf(told)
    const post = (said: Parameters<typeof resultOf>[0]) =>
      told.post(addressOf(told, 'refund', id), resultOf({ of: payment.provider_receipt, conversation, ...said }))
    for (const code of [4999, 100000000, 15]) {
      await post({ code })
      assert.equal((await refundOf(told, id)).status, 'pending', String(code))
    }
    for (const amount of ['100,00', 'abc', null, true, [100], {}, -100]) {
      await post({ amount })
      const { status, needs_attention } = await refundOf(told, id)
      assert.deepEqual([status, needs_attention], ['pending', ['unreadable_amount']], JSON.stringify(amount))
    }
    assert.equal((await told.payment(payment.id)).amount_refunded, '0.00')
  }))

test('a live refund is settled by no result from elsewhere than Safaricom', () =>
  story({ environment: 'live' }, async (told) => {
    await told.pay()
    const payment = await paidLive(told)
    told.simulator.faults.set(faulty('drop_callback'))
    const { id } = await refund(told, { payment_id: payment.id })
    await told.simulator.settled()
    const conversation = await conversationOf(told)
    await told.post(addressOf(told, 'refund', id), resultOf({ code: 1, conversation }))
    assert.equal((await refundOf(told, id)).status, 'pending')
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 10_000, 0])
  }))

/** The live payment that waits, settled as if its callback had come from Safaricom. */
async function paidLive({ context, call }: Story): Promise<any> {
  const { id, merchant_id } = await context.database.one<any>(sql`select id, merchant_id from payments`)
  const at = context.clock.now()
  const evidence = {
    id: newId(at),
    merchant_id,
    payment_id: id,
    source: 'callback',
    at,
    verdict: 'success',
  } as const
  await settlePayment(context, { ...evidence, receipt: 'UKK7X2M4QA', amount_cents: 10_000 })
  return (await call('GET', `/v1/payments/pay_${id.replaceAll('-', '')}`)).body.data
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { faulty, inAgreement, moneyOf, paid, refund, refundOf } from '../../testing/refunds.ts'
import { story } from '../../testing/story.ts'
import { toldOf } from '../../testing/told-of.ts'

test('a payment that is refunded goes back to its payer, and is reversed', () =>
  story({}, async (told) => {
    const payment = await paid(told, 1500)
    const asked = await refund(told, { payment_id: payment.id, reason: 'Wrong size' })
    assert.equal(asked.amount, '1500.00')
    assert.equal(asked.provider_outcome, 'accepted')
    const done = await refundOf(told, asked.id)
    assert.equal(done.status, 'completed')
    assert.equal(done.provider_receipt, told.simulator.ledger.entries.at(-1)!.receipt)
    const reversed = await told.payment(payment.id)
    assert.equal(reversed.status, 'reversed')
    assert.equal(reversed.amount_refunded, '1500.00')
    assert.deepEqual(await moneyOf(told, payment.id), [150_000, 0, 150_000])
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed', 'payment.reversed'])
    const [money] = await told.context.database.query<any>(sql`select reversed_by, reversed_at from money_in`)
    assert.equal(money.reversed_by, done.provider_receipt)
    assert.ok(money.reversed_at)
    await inAgreement(told)
    const { body } = await told.call('GET', `/v1/payments/${payment.id}/evidence`)
    assert.equal(body.data.at(-1).effect, 'reversed')
    const own = await told.call('GET', `/v1/refunds/${asked.id}/evidence`)
    assert.deepEqual(
      own.body.data.map(({ source, effect }: any) => `${source} ${effect}`),
      ['ack informed', 'callback completed'],
    )
  }))

test('a part that is refunded leaves the payment completed, and the rest reverses it', () =>
  story({}, async (told) => {
    const payment = await paid(told, 100)
    const part = await refund(told, { payment_id: payment.id, amount: 30 })
    assert.equal((await refundOf(told, part.id)).status, 'completed')
    assert.equal((await told.payment(payment.id)).status, 'completed')
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 3_000])
    const rest = await refund(told, { payment_id: payment.id })
    assert.equal(rest.amount, '70.00')
    await told.simulator.settled()
    const { status } = await refundOf(told, rest.id)
    assert.equal(status, 'completed')
    assert.equal((await told.payment(payment.id)).status, 'reversed')
    assert.deepEqual(await toldOf(told), [
      'payment.completed',
      'refund.completed',
      'refund.completed',
      'payment.reversed',
    ])
    await inAgreement(told)
  }))

test('of two refunds of the whole at once, one is taken and the other is told what is left', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    const answers = await Promise.all(
      [1, 2].map(() => told.call('POST', '/v1/refunds', { payment_id: payment.id, amount: 100 })),
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409])
    const refused = answers.find(({ status }) => status === 409)!
    assert.match(refused.body.error.code, /refund_exceeds_received|not_refundable/)
    await told.simulator.settled()
    assert.equal((await told.payment(payment.id)).status, 'reversed')
    await inAgreement(told)
  }))

test('twenty refunds at once never give back more than was received', () =>
  story({}, async (told) => {
    const payment = await paid(told, 100)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => told.call('POST', '/v1/refunds', { payment_id: payment.id, amount: 30 })),
    )
    assert.equal(answers.filter(({ status }) => status === 201).length, 3)
    assert.equal(answers.filter(({ body }) => body.error?.code === 'refund_exceeds_received').length, 17)
    await told.simulator.settled()
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 9_000])
    await inAgreement(told)
  }))

test('what cannot be refunded is refused in a sentence, and reserves nothing', () =>
  story({}, async (told) => {
    const pending = await told.pay({ phone: '0799000120' })
    const payment = await paid(told)
    const tries = [
      [{ payment_id: pending.id }, 409, 'not_refundable'],
      [{ payment_id: payment.id, amount: 101 }, 409, 'refund_exceeds_received'],
      [{ payment_id: payment.id, amount: '10.50' }, 400, 'amount_not_whole'],
      [{ payment_id: 'pay_0193a6c177b27d0e8f21c4d5e6f70812' }, 404, 'not_found'],
      [{ payment_id: payment.id, amount: 0 }, 400, 'invalid_amount'],
    ] as const
    for (const [body, status, code] of tries) {
      const refused = await told.call('POST', '/v1/refunds', body, { 'Idempotency-Key': 'one key' })
      assert.deepEqual([refused.status, refused.body.error.code], [status, code])
    }
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 0])
    // None of these was recorded: the key is still free.
    await refund(told, { payment_id: payment.id }, { 'Idempotency-Key': 'one key' })
  }))

test('a payment whose receipt is not known yet cannot be refunded yet', () =>
  story({ operator: {} }, async (told) => {
    const payment = await paid(told)
    await told.context.database.query(sql`
      update payments set provider_receipt = null, received_cents = 0, receipt_due_at = ${told.clock.now()}`)
    const refused = await told.call('POST', '/v1/refunds', { payment_id: payment.id })
    assert.deepEqual([refused.status, refused.body.error.code], [409, 'receipt_awaited'])
  }))

test('an account without an API operator refunds nothing, and says what to set', () =>
  story({ operator: {} }, async (told) => {
    const payment = await paid(told)
    const refused = await told.call('POST', '/v1/refunds', { payment_id: payment.id })
    assert.deepEqual([refused.status, refused.body.error.code], [422, 'operator_required'])
    assert.match(refused.body.error.message, /initiator.*security_credential/)
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 0])
  }))

test('a refund asked for twice with one key is made once', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    const body = { payment_id: payment.id, amount: 40 }
    const key = { 'Idempotency-Key': 'refund-1' }
    const both = await Promise.all([1, 2, 3].map(() => told.call('POST', '/v1/refunds', body, key)))
    assert.ok(both.some(({ status }) => status === 201))
    assert.ok(both.every(({ status }) => [201, 409].includes(status)))
    await told.simulator.settled()
    const again = await told.call('POST', '/v1/refunds', body, key)
    assert.equal(again.headers.get('Idempotency-Replayed'), 'true')
    assert.deepEqual(again.body, both.find(({ status }) => status === 201)!.body)
    const other = await told.call('POST', '/v1/refunds', { ...body, amount: 41 }, key)
    assert.deepEqual([other.status, other.body.error.code], [422, 'idempotency_key_reused'])
    const { body: listed } = await told.call('GET', `/v1/refunds?payment_id=${payment.id}`)
    assert.equal(listed.data.length, 1)
    await inAgreement(told)
  }))

test('a refund that M-Pesa refuses at once has failed, and gives its reservation back', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('spike_arrest'))
    const refused = await refund(told, { payment_id: payment.id })
    assert.equal(refused.status, 'failed')
    assert.equal(refused.failure.code, 'refused')
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 0])
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.failed'])
  }))

test('an operator whom M-Pesa does not trust refunds nothing, and the sentence says what to do', () =>
  story({ operator: { initiator: 'forbidden', security_credential: `${'A'.repeat(342)}==` } }, async (told) => {
    const payment = await paid(told)
    const { id } = await refund(told, { payment_id: payment.id })
    const { status, failure } = await refundOf(told, id)
    assert.equal(status, 'failed')
    assert.deepEqual([failure.code, failure.provider_code], ['operator_not_permitted', '21'])
    assert.match(failure.message, /Org Reversals Initiator/)
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 0])
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.failed'])
  }))

test('a short code that has spent the money gives nothing back', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.organisations.set('174379', { accounts: { 'Utility Account': 0, 'Working Account': 0 } })
    const { id } = await refund(told, { payment_id: payment.id })
    assert.equal((await refundOf(told, id)).failure.code, 'insufficient_funds')
  }))

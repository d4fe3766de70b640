import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { createNode } from '../node.ts'
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
  shownBy,
} from '../../testing/refunds.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { toldOf } from '../../testing/told-of.ts'
import { checkRefunds } from './check.ts'
import { settleReversals } from './reversals.ts'

test('when the result is lost, the refund keeps its reservation, and is found by asking for its request', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('drop_callback'))
    const { id } = await refund(told, { payment_id: payment.id })
    assert.equal((await refundOf(told, id)).status, 'pending')
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 10_000, 0])
    assert.equal((await told.call('POST', '/v1/refunds', { payment_id: payment.id })).status, 409)
    await told.advance('76 s')
    await checkRefunds.run(told.context)
    const found = await refundOf(told, id)
    assert.equal(found.status, 'completed')
    assert.equal(found.provider_receipt, told.simulator.ledger.entries.at(-1)!.receipt)
    assert.equal((await told.payment(payment.id)).status, 'reversed')
    await inAgreement(told)
  }))

test('when the response is lost, the refund is unknown, never sent again, and settled by its result', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('drop_response'))
    const asked = await refund(told, { payment_id: payment.id })
    await told.advance('90 s')
    await checkRefunds.run(told.context)
    const done = await refundOf(told, asked.id)
    assert.equal(done.status, 'completed')
    assert.equal(done.provider_outcome, 'accepted')
    assert.equal(done.needs_attention, null)
    const [row] = await told.context.database.query(sql`select was_unknown from refunds`)
    assert.deepEqual(row, { was_unknown: true })
    assert.equal(
      told.simulator.log().filter(({ api, direction }) => api === 'reversal' && direction === 'in').length,
      1,
    )
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed', 'payment.reversed'])
    await inAgreement(told)
  }))

test("a time-out of M-Pesa's queue says nothing: the reservation stays, a check is due, and a late result settles", () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set({
      rules: [{ api: 'reversal', fault: 'queue_timeout', probability: 1, delay_ms: 600_000 }],
    } as any)
    const { id } = await refund(told, { payment_id: payment.id })
    assert.equal((await refundOf(told, id)).status, 'pending')
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 10_000, 0])
    await checkRefunds.run(told.context)
    assert.equal((await refundOf(told, id)).status, 'pending', 'not found is no verdict')
    await told.advance('10 minutes')
    assert.equal((await refundOf(told, id)).status, 'completed')
    await inAgreement(told)
  }))

test('a refund that never hears anything is not failed by time, and is shown to a person after 48 hours', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('queue_timeout'))
    const { id } = await refund(told, { payment_id: payment.id })
    for (let hour = 0; hour < 60; hour += 6) {
      await told.advance('6 h')
      await checkRefunds.run(told.context)
    }
    const waiting = await refundOf(told, id)
    assert.equal(waiting.status, 'pending')
    assert.deepEqual(waiting.needs_attention, ['refund_unsettled'])
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 10_000, 0])
    assert.deepEqual(await toldOf(told), ['payment.completed'])
  }))

test('when the process dies before the outcome is stored, the refund is unknown after a minute and keeps its reservation', () => {
  let isDead = false
  const wrap = {
    database: (database: Story['context']['database']) =>
      ({
        ...database,
        query: (query: Parameters<typeof database.query>[0]) =>
          isDead ? Promise.reject(new Error('The process is dead.')) : database.query(query),
        transaction: (work: Parameters<typeof database.transaction>[0]) =>
          isDead ? Promise.reject(new Error('The process is dead.')) : database.transaction(work),
      }) as typeof database,
    fetch:
      (next: typeof fetch): typeof fetch =>
      async (input, init) => {
        const response = await next(input, init)
        if (String(input).includes('/reversal/')) isDead = true
        return response
      },
  }
  return story({ wrap }, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('drop_callback'))
    const died = await told.call('POST', '/v1/refunds', { payment_id: payment.id }, { 'Idempotency-Key': 'r' })
    assert.equal(died.status, 500)
    isDead = false
    await told.advance('61 s')
    await checkRefunds.run(told.context)
    const again = await told.call('POST', '/v1/refunds', { payment_id: payment.id }, { 'Idempotency-Key': 'r' })
    assert.equal(again.headers.get('Idempotency-Replayed'), 'true')
    assert.equal(again.body.data.provider_outcome, 'unknown')
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 10_000, 0])
    // The next statement shows it.
    const { receipt, at } = told.simulator.ledger.entries.at(-1)!
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    assert.deepEqual(await settleReversals(told.context, [shown]), ['refund'])
    assert.equal((await refundOf(told, again.body.data.id)).status, 'completed')
    assert.equal((await told.payment(payment.id)).status, 'reversed')
    await inAgreement(told)
  })
})

test('a result without a token, but from Safaricom, makes a check due at once', () =>
  story({}, async (told) => {
    const config = { ...told.context.config, trustedProxies: ['127.0.0.1'] }
    const app = createNode({ ...told.context, config }).app
    const payment = await paid(told)
    told.simulator.faults.set(faulty('drop_callback'))
    const { id } = await refund(told, { payment_id: payment.id })
    await told.simulator.settled()
    const body = JSON.stringify(resultOf({ of: payment.provider_receipt, conversation: await conversationOf(told) }))
    const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': '196.201.214.200' }
    const incoming = { socket: { remoteAddress: '127.0.0.1' } }
    const posted = await app.request('/v1/webhooks/mpesa', { method: 'POST', body, headers }, { incoming })
    assert.equal(posted.status, 200)
    assert.equal((await refundOf(told, id)).status, 'pending', 'it settles nothing by itself')
    await checkRefunds.run(told.context)
    assert.equal((await refundOf(told, id)).status, 'completed')
  }))

test('the failure of a question about a refund is no failure of the refund', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('queue_timeout'))
    const { id } = await refund(told, { payment_id: payment.id })
    await told.simulator.settled()
    const conversation = await conversationOf(told)
    for (const code of [1, 21, 2001, 'R000001', 2032])
      await told.post(addressOf(told, 'status', id), resultOf({ code, conversation }))
    assert.equal((await refundOf(told, id)).status, 'pending')
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 10_000, 0])
  }))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNode } from '../node.ts'
import { sql } from '../database/sql.ts'
import { newId, parseId } from '../id.ts'
import { settlePayment } from '../payments/settle.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { checkRefunds } from './check.ts'
import { settleReversals } from './reversals.ts'
import { addressOf } from '../../testing/address-of.ts'
import { booksOf } from '../../testing/books-of.ts'
import { toldOf } from '../../testing/told-of.ts'

const amina = '0712345678'

/** A payment that Amina made, with its receipt. */
async function paid(told: Story, amount = 100): Promise<any> {
  const { id } = await told.pay({ amount })
  told.simulator.phones.get(amina).approve()
  return told.payment(id)
}

/** Asks for a refund, which must be taken on. */
async function refund(told: Story, body: Record<string, unknown>, headers = {}): Promise<any> {
  const made = await told.call('POST', '/v1/refunds', body, headers)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.data
}

/** The refund as it now is, after everything that is under way has come to rest. */
async function refundOf({ simulator, call }: Story, id: string): Promise<any> {
  await simulator.settled()
  return (await call('GET', `/v1/refunds/${id}`)).body.data
}

/** The body of an M-Pesa result, worded by the test. */
function resultOf(said: {
  code?: number | string
  receipt?: string
  of?: string
  amount?: number
  conversation?: string
}) {
  const { code = 0, receipt = 'UKK0000RRR', of, amount = 100, conversation = 'AG_20261120_2010000000000000' } = said
  const ResultParameter = [
    { Key: 'Amount', Value: amount },
    { Key: 'OriginalTransactionID', Value: of },
  ]
  return {
    Result: {
      ResultType: 0,
      ResultCode: code,
      ResultDesc: 'As it came',
      OriginatorConversationID: '29115-34620561-1',
      ConversationID: conversation,
      TransactionID: receipt,
      ...(code === 0 && { ResultParameters: { ResultParameter } }),
    },
  }
}

/** The id of the only refund's request. */
async function conversationOf({ context }: Story): Promise<string> {
  const { conversation_id } = await context.database.one<any>(sql`select conversation_id from refunds`)
  return conversation_id
}

/** What the payment holds, as cents: received, reserved, refunded. */
async function moneyOf({ context }: Story, paymentId: string): Promise<number[]> {
  const row = await context.database.one<Record<string, number>>(sql`
    select received_cents, reserved_cents, refunded_cents from payments where id = ${parseId('pay', paymentId)}`)
  return [row['received_cents']!, row['reserved_cents']!, row['refunded_cents']!]
}

async function inAgreement(told: Story): Promise<void> {
  const { lango, ledger } = await booksOf(told)
  assert.equal(lango, ledger)
}

/** Wraps Daraja so that an answer to a refund is lost after the request, or before it, is carried out. */
const faulty = (fault: string, api = 'reversal') => ({ rules: [{ api, fault, probability: 1 }] }) as any

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
    assert.equal(waiting.needs_attention, 'refund_unsettled')
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
    assert.equal(done.needs_attention, 'contradicts')
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 5_000])
  }))

test('"already reversed" completes a refund of which nobody knew whether it arrived', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set({
      rules: [
        { api: 'reversal', fault: 'drop_response', probability: 1 },
        { api: 'reversal', fault: 'drop_callback', probability: 1 },
      ],
    } as any)
    const { id } = await refund(told, { payment_id: payment.id })
    await told.simulator.settled()
    await told.post(addressOf(told, 'refund', id), resultOf({ code: 'R000001' }))
    const done = await refundOf(told, id)
    assert.equal(done.status, 'completed')
    assert.equal(done.provider_receipt, null)
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed', 'payment.reversed'])
    // The statement names the receipt later, and nothing is counted twice.
    const { receipt, at } = told.simulator.ledger.entries.at(-1)!
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    assert.deepEqual(await settleReversals(told.context, [shown, shown]), ['refund', 'known'])
    assert.equal((await refundOf(told, id)).provider_receipt, receipt)
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 10_000])
    await inAgreement(told)
  }))

test('"already reversed" does not complete the refund of a part: somebody gave back the whole', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.reverse(payment.provider_receipt)
    told.simulator.faults.set({
      rules: [
        { api: 'reversal', fault: 'drop_response', probability: 1 },
        { api: 'reversal', fault: 'late_callback', probability: 1 },
      ],
    })
    const { id, provider_outcome } = await refund(told, { payment_id: payment.id, amount: 19 })
    assert.equal(provider_outcome, 'unknown')
    await told.advance('3 minutes')
    const failed = await refundOf(told, id)
    assert.equal(failed.status, 'failed')
    assert.equal(failed.needs_attention, 'already_reversed')
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 0])
    const { receipt, at } = told.simulator.ledger.entries.at(-1)!
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    assert.deepEqual(await settleReversals(told.context, [shown]), ['recorded'])
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 10_000])
    await inAgreement(told)
  }))

test('"already reversed" does not complete a refund when the reversal is known to be another', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    const { receipt, at } = told.simulator.reverse(payment.provider_receipt)
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    // The node that reads the statement dies when it has recorded the reversal, and before it is settled.
    const dying = { ...told.context, gather: () => Promise.reject(new Error('The node is dead.')) }
    await assert.rejects(settleReversals(dying, [shown]))
    told.simulator.faults.set({
      rules: [
        { api: 'reversal', fault: 'drop_response', probability: 1 },
        { api: 'reversal', fault: 'late_callback', probability: 1 },
      ],
    })
    const { id } = await refund(told, { payment_id: payment.id })
    await told.advance('3 minutes')
    const failed = await refundOf(told, id)
    assert.equal(failed.status, 'failed')
    assert.equal(failed.failure.code, 'already_reversed')
    assert.deepEqual(await settleReversals(told.context, [shown]), ['known'])
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 10_000])
    await inAgreement(told)
  }))

test('"already reversed" fails a refund whose request is known to be the first, and shows it to a person', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.reverse(payment.provider_receipt)
    const { id } = await refund(told, { payment_id: payment.id })
    const failed = await refundOf(told, id)
    assert.equal(failed.status, 'failed')
    assert.equal(failed.failure.code, 'already_reversed')
    assert.equal(failed.needs_attention, 'already_reversed')
    assert.equal((await told.payment(payment.id)).needs_attention, 'already_reversed')
    // Which a statement explains.
    const { receipt, at } = told.simulator.ledger.entries.at(-1)!
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    assert.deepEqual(await settleReversals(told.context, [shown]), ['recorded'])
    const reversed = await told.payment(payment.id)
    assert.equal(reversed.status, 'reversed')
    assert.equal(reversed.needs_attention, null)
    await inAgreement(told)
  }))

function shownBy({ merchant }: Story, { provider_receipt }: { provider_receipt: string }) {
  return {
    merchant_id: merchant.id,
    provider: 'mpesa',
    environment: 'simulator',
    receipt: provider_receipt,
    amount_cents: 10_000,
    source: 'statement',
  } as const
}

test('a reversal made at the portal is noticed once, however often it is shown', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    const { receipt, at } = told.simulator.reverse(payment.provider_receipt)
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    const effects = (await Promise.all(Array.from({ length: 5 }, () => settleReversals(told.context, [shown])))).flat()
    assert.ok(effects.every((effect) => effect === 'recorded' || effect === 'known'))
    assert.equal((await told.payment(payment.id)).status, 'reversed')
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed', 'payment.reversed'])
    const { body } = await told.call('GET', `/v1/refunds?payment_id=${payment.id}`)
    assert.deepEqual(
      body.data.map(({ origin, provider_receipt, status }: any) => [origin, provider_receipt, status]),
      [['portal', receipt, 'completed']],
    )
    await inAgreement(told)
  }))

test('a part reversed at the portal leaves less to refund', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    const { receipt, at } = told.simulator.reverse(payment.provider_receipt, 70)
    const shown = { ...shownBy(told, payment), amount_cents: 7_000, reversal_receipt: receipt, at: new Date(at) }
    await settleReversals(told.context, [shown])
    assert.equal((await told.payment(payment.id)).status, 'completed')
    assert.equal((await told.call('POST', '/v1/refunds', { payment_id: payment.id, amount: 31 })).status, 409)
    const { id } = await refund(told, { payment_id: payment.id })
    assert.equal((await refundOf(told, id)).amount, '30.00')
    assert.equal((await told.payment(payment.id)).status, 'reversed')
    await inAgreement(told)
  }))

test('money that went back before anybody knew whose it was is linked to its payment later, once', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    await told.context.database.query(sql`update money_in set payment_id = null`)
    const { receipt, at } = told.simulator.reverse(payment.provider_receipt)
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    assert.deepEqual(await settleReversals(told.context, [shown, shown]), ['recorded', 'known'])
    assert.equal((await told.payment(payment.id)).status, 'completed')
    await told.context.database.query(sql`update money_in set payment_id = ${parseId('pay', payment.id)}`)
    await settleReversals(told.context, [shown, shown])
    assert.equal((await told.payment(payment.id)).status, 'reversed')
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed', 'payment.reversed'])
    await inAgreement(told)
  }))

test('a reversal of money that nobody knows is told apart', () =>
  story({}, async (told) => {
    const shown = {
      ...shownBy(told, { provider_receipt: 'UKK0000000' }),
      reversal_receipt: 'UKK0000001',
      at: told.clock.now(),
    }
    assert.deepEqual(await settleReversals(told.context, [shown]), ['unknown_receipt'])
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
    assert.equal((await refundOf(told, id)).needs_attention, 'second_receipt')
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
      assert.equal(still.needs_attention, attention)
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

test('a result of another amount settles nothing, and is shown to a person', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set(faulty('drop_callback'))
    const { id } = await refund(told, { payment_id: payment.id })
    await told.simulator.settled()
    const conversation = await conversationOf(told)
    await told.post(addressOf(told, 'refund', id), resultOf({ of: payment.provider_receipt, amount: 1, conversation }))
    assert.equal((await refundOf(told, id)).needs_attention, 'wrong_amount')
    assert.equal((await refundOf(told, id)).status, 'pending')
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

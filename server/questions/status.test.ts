import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { matchMoney } from '../money-in/match.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { checkPayments } from '../payments/check.ts'
import { seekReceipts } from '../payments/seek.ts'
import { addressOf } from '../../testing/address-of.ts'
import { toldOf } from '../../testing/told-of.ts'

const amina = '0712345678'

/** A payment that a check completed: its callback, which alone names the receipt, was lost. */
async function paidWithoutReceipt(told: Story): Promise<any> {
  told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
  const { id } = await told.pay()
  told.simulator.phones.get(amina).approve()
  await told.advance('76 s')
  await checkPayments.run(told.context)
  const payment = await told.payment(id)
  assert.deepEqual([payment.status, payment.provider_receipt], ['completed', null])
  return payment
}

/** Asks what M-Pesa knows of a receipt, and waits for the answer. */
async function check(told: Story, receipt: string): Promise<any> {
  const asked = await told.call('POST', `/v1/payments/mpesa/check-status/${receipt}`)
  await told.simulator.settled()
  return asked
}

function receiptOf({ simulator }: Story): string {
  return simulator.ledger.entries.at(-1)!.receipt
}

/** Money that Amina sends from her SIM menu, of which nobody tells Lango. */
async function paidByHand({ simulator }: Story, amount = 200): Promise<string> {
  const paid = await simulator.phones.get(amina).pay({ shortcode: '174379', amount, reference: 'INV-1' })
  assert.equal(paid.status, 'paid')
  await simulator.settled()
  return (paid as { receipt: string }).receipt
}

/** The body of an answer about a transaction, worded by the test. */
function answerOf(said: { status?: string; receipt: string; credit?: string; code?: number; request?: string }) {
  const { status = 'Completed', receipt, credit = '174379 - Daraja-Sandbox', code = 0, request } = said
  const ResultParameter = [
    { Key: 'DebitPartyName', Value: '254712345678 - AMINA HASSAN' },
    { Key: 'CreditPartyName', Value: credit },
    { Key: 'TransactionStatus', Value: status },
    { Key: 'Amount', Value: '100' },
    { Key: 'ReceiptNo', Value: receipt },
    { Key: 'OriginatorConversationID', Value: request },
  ]
  return {
    Result: {
      ResultType: 0,
      ResultCode: code,
      ResultDesc: 'As it came',
      OriginatorConversationID: '3213-416199-2',
      ConversationID: 'AG_20261120_2010000000000000',
      TransactionID: 'UKK0000000',
      ...(code === 0 && { ResultParameters: { ResultParameter } }),
    },
  }
}

test('the question about a receipt is answered with the acceptance of Daraja, and nothing else', () =>
  story({}, async (told) => {
    const { id } = await told.pay()
    told.simulator.phones.get(amina).approve()
    const { provider_receipt } = await told.payment(id)
    const { status, body } = await check(told, provider_receipt.toLowerCase())
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body.data).sort(), [
      'ConversationID',
      'OriginatorConversationID',
      'ResponseCode',
      'ResponseDescription',
    ])
    assert.equal(body.data.ResponseCode, '0')
    const { body: evidence } = await told.call('GET', `/v1/payments/${id}/evidence`)
    const last = evidence.data.at(-1)
    assert.deepEqual([last.source, last.effect, last.receipt], ['status', 'informed', provider_receipt])
    assert.deepEqual(await toldOf(told), ['payment.completed'])
  }))

for (const status_result of ['portal', 'observed'] as const) {
  test(`a receipt that a payer reads out completes the payment whose request it names (${status_result})`, () =>
    story({ settings: { status_result } }, async (told) => {
      told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
      const { id } = await told.pay({ amount: 700 })
      told.simulator.phones.get(amina).approve()
      assert.equal((await told.payment(id)).status, 'pending')
      const receipt = receiptOf(told)
      await Promise.all([check(told, receipt), check(told, receipt)])
      const paid = await told.payment(id)
      assert.deepEqual([paid.status, paid.provider_receipt, paid.amount_received], ['completed', receipt, '700.00'])
      assert.deepEqual(await toldOf(told), ['payment.completed'])
    }))
}

test('a receipt that no payment explains, but that proves money to our short code, is unmatched money, once', () =>
  story({}, async (told) => {
    const receipt = await paidByHand(told)
    await check(told, receipt)
    await check(told, receipt)
    await matchMoney.run(told.context)
    const money = await told.context.database.query<any>(
      sql`select receipt, amount_cents, payment_id, phone, unmatched_because from money_in`,
    )
    assert.deepEqual(money, [
      { receipt, amount_cents: 20_000, payment_id: null, phone: '254712345678', unmatched_because: 'no_payment' },
    ])
  }))

test('an answer that tells another amount of a receipt than the books have changes nothing, and is shown', () =>
  story({}, async (told) => {
    const receipt = await paidByHand(told, 200)
    await check(told, receipt)
    await told.context.database.query(sql`update money_in set amount_cents = 15000`)
    await check(told, receipt)
    const shown = (await told.call('GET', '/v1/attention')).body.data.filter((item: any) => item.kind === 'callback')
    assert.equal(shown.length, 1)
    assert.match(shown[0].reasons[0].message, /200\.00, and the books have 150\.00/)
  }))

test('a receipt of money to somebody else is no money of ours', () =>
  story({}, async (told) => {
    const paid = await told.simulator.phones.get(amina).pay({ shortcode: '600000', amount: 200, reference: 'INV-1' })
    await check(told, (paid as { receipt: string }).receipt)
    await check(told, 'UKK0000XXX')
    assert.deepEqual(await told.context.database.query(sql`select 1 from money_in`), [])
  }))

test('without an API operator nothing can be asked, and the sentence says what to set', () =>
  story({ operator: {} }, async (told) => {
    const { status, body } = await check(told, 'UKK7X2M4QA')
    assert.deepEqual([status, body.error.code], [422, 'operator_required'])
    assert.match(body.error.message, /initiator.*security_credential/)
  }))

test('what is no M-Pesa code is refused', () =>
  story({}, async (told) => {
    const { status, body } = await check(told, 'UKK-7X2')
    assert.deepEqual([status, body.error.param], [400, 'receipt'])
  }))

test('a question that M-Pesa refuses, or does not answer, is no success', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'transactionstatus', fault: 'spike_arrest', probability: 1 }] })
    const refused = await check(told, 'UKK7X2M4QA')
    assert.deepEqual([refused.status, refused.body.error.code], [422, 'provider_refused'])
    told.simulator.faults.set({ rules: [{ api: 'transactionstatus', fault: 'http_500', probability: 1 }] })
    const unknown = await check(told, 'UKK7X2M4QA')
    assert.deepEqual([unknown.status, unknown.body.error.code], [503, 'provider_unavailable'])
  }))

test('a receipt that is awaited is found by the request, and fills in the payment without a second event', () =>
  story({}, async (told) => {
    const { id } = await paidWithoutReceipt(told)
    await told.advance('61 s')
    await seekReceipts.run(told.context)
    const found = await told.payment(id)
    assert.equal(found.provider_receipt, receiptOf(told))
    assert.equal(found.amount_received, '100.00')
    assert.deepEqual(await toldOf(told), ['payment.completed'])
    const { receipt_due_at } = await told.context.database.one<any>(sql`select receipt_due_at from payments`)
    assert.equal(receipt_due_at, null)
    assert.equal((await told.call('POST', '/v1/refunds', { payment_id: id })).status, 201)
  }))

test('who asks about a payment without a receipt has it sought at once', () =>
  story({}, async (told) => {
    const { id } = await paidWithoutReceipt(told)
    await told.advance('11 s')
    const { status, body } = await told.call('POST', `/v1/payments/${id}/check`)
    assert.deepEqual([status, body.data.check.outcome], [200, 'informed'])
    assert.equal((await told.payment(id)).provider_receipt, receiptOf(told))
  }))

for (const operator of [undefined, {}]) {
  test(`a receipt that nobody finds is sought ${operator ? 'without' : 'with'} an operator, ever more rarely, and shown to a person after 48 hours`, () =>
    story({ operator }, async (told) => {
      const { id } = await paidWithoutReceipt(told)
      told.simulator.faults.set({ rules: [{ api: 'transactionstatus', fault: 'queue_timeout', probability: 1 }] })
      const gaps: number[] = []
      for (let elapsed = 0; elapsed < 4 * 86_400_000; elapsed += gaps.at(-1)!) {
        const { receipt_due_at } = await told.context.database.one<any>(sql`select receipt_due_at from payments`)
        gaps.push(receipt_due_at.getTime() - told.clock.now().getTime())
        // The database counts in microseconds.
        await told.advance(gaps.at(-1)! + 1)
        assert.equal(await seekReceipts.run(told.context), 1)
      }
      assert.equal(gaps[0], 60_000)
      assert.ok(gaps.every((gap, index) => index === 0 || gap >= gaps[index - 1]!))
      assert.equal(gaps.at(-1), 86_400_000)
      const waiting = await told.payment(id)
      assert.deepEqual([waiting.status, waiting.needs_attention], ['completed', ['receipt_awaited']])
      // A receipt that is found after all settles the matter.
      const receipt = receiptOf(told)
      const { merchant_request_id: request } = await told.context.database.one<any>(
        sql`select merchant_request_id from payments`,
      )
      await told.post(addressOf(told, 'status', id), answerOf({ receipt, request }))
      const found = await told.payment(id)
      assert.deepEqual([found.provider_receipt, found.needs_attention], [receipt, null])
    }))
}

const noVerdicts = [
  ['that is not completed', { status: 'Authorized' }],
  ['whose result code 0 comes with no status', { status: '' }],
  ['that M-Pesa does not find', { code: 2032 }],
  ['to another short code', { credit: '600000 - Business 600000' }],
  ['that was declined, of an unknown request', { status: 'Declined' }],
] as const

for (const [transaction, said] of noVerdicts) {
  test(`a transaction ${transaction} says nothing about a payment`, () =>
    story({}, async (told) => {
      const { id } = await told.pay()
      await told.post(addressOf(told, 'status', id), answerOf({ receipt: 'UKK7X2M4QA', ...said }))
      assert.equal((await told.payment(id)).status, 'pending')
      assert.deepEqual(await told.context.database.query(sql`select 1 from money_in`), [])
    }))
}

test('an answer that names another request settles nothing, and is shown to a person', () =>
  story({}, async (told) => {
    const { id } = await told.pay()
    await told.post(addressOf(told, 'status', id), answerOf({ receipt: 'UKK7X2M4QA', request: 'another' }))
    const open = await told.payment(id)
    assert.deepEqual([open.status, open.needs_attention], ['pending', ['mismatch']])
  }))

test('an answer that says that the receipt was reversed makes the payment reversed', () =>
  story({}, async (told) => {
    const { id } = await told.pay()
    told.simulator.phones.get(amina).approve()
    const { provider_receipt: receipt } = await told.payment(id)
    for (let time = 0; time < 3; time++)
      await told.post(addressOf(told, 'status', id), answerOf({ receipt, status: 'Reversed' }))
    const reversed = await told.payment(id)
    assert.deepEqual([reversed.status, reversed.amount_refunded], ['reversed', '100.00'])
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed', 'payment.reversed'])
  }))

test('a callback and the answer to a question that come at once settle once', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
    const { id } = await told.pay()
    told.simulator.phones.get(amina).approve()
    await told.payment(id)
    const { api, id: logId } = told.simulator.log().find(({ direction }) => direction === 'out')!
    assert.equal(api, 'stkpush')
    await Promise.all([told.simulator.resend(logId), check(told, receiptOf(told)), check(told, receiptOf(told))])
    assert.equal((await told.payment(id)).status, 'completed')
    assert.deepEqual(await toldOf(told), ['payment.completed'])
    const { count } = await told.context.database.one<any>(sql`select count(*) from money_in`)
    assert.equal(count, 1)
  }))

test('a forged answer settles nothing', () =>
  story({}, async (told) => {
    const { id } = await told.pay()
    const reply = await told.post(
      `${addressOf(told, 'status', id).slice(0, -2)}00`,
      answerOf({ receipt: 'UKK7X2M4QA' }),
    )
    assert.equal(reply.status, 200)
    assert.equal((await told.payment(id)).status, 'pending')
  }))

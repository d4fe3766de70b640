import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { newId, parseId } from '../id.ts'
import { settlePayments } from './settle.ts'

const order = { amount: 1500, phone: '0712345678', external_reference: 'order-204' }

/** Asks for the order, and has the payer cancel it. */
async function failed(told: Story, input: Record<string, unknown> = order): Promise<any> {
  const payment = await told.pay(input)
  told.simulator.phones.get('0712345678').cancel()
  const now = await told.payment(payment.id)
  assert.equal(now.status, 'failed')
  return now
}

/** What the payment's own callback says when the money has moved after all. */
function moneyFor({ context, merchant }: Story, payment: any, receipt: string) {
  const at = context.clock.now()
  return {
    id: newId(at),
    merchant_id: merchant.id,
    payment_id: parseId('pay', payment.id)!,
    source: 'callback',
    at,
    verdict: 'success',
    receipt,
    amount_cents: 150_000,
  } as const
}

test('an order whose payment failed is asked for again with the same external reference, and names what it tries again', () =>
  story({}, async (told) => {
    const first = await failed(told)
    const second = await failed(told)
    const third = await told.pay({ ...order, retry_of: second.id })
    assert.deepEqual([first.retry_of, second.retry_of, third.retry_of], [null, first.id, second.id])
    const { status, body } = await told.call('POST', '/v1/payments', { ...order, phone: '0712345679' })
    assert.deepEqual([status, body.error.code, body.error.payment_id], [409, 'duplicate_external_reference', third.id])
    const found = await told.call('GET', '/v1/payments?external_reference=order-204')
    assert.deepEqual(
      found.body.data.map(({ id }: any) => id),
      [third.id, second.id, first.id],
    )
  }))

test('retry_of alone brings the external reference along, and another one is refused', () =>
  story({}, async (told) => {
    const { call } = told
    const first = await failed(told)
    const other = await call('POST', '/v1/payments', { ...order, external_reference: 'order-205', retry_of: first.id })
    assert.deepEqual([other.status, other.body.error.param], [400, 'external_reference'])
    const again = await told.pay({ amount: 1500, phone: '0712345678', retry_of: first.id })
    assert.deepEqual([again.external_reference, again.retry_of], ['order-204', first.id])
  }))

test('only a payment that failed is tried again, and each one once', () =>
  story({}, async (told) => {
    const { call } = told
    const asked = { amount: 1500, phone: '0712345678' }
    const first = await failed(told, asked)
    const second = await told.pay({ ...asked, retry_of: first.id })
    const twice = await call('POST', '/v1/payments', { ...asked, phone: '0712345679', retry_of: first.id })
    assert.deepEqual([twice.status, twice.body.error.payment_id], [409, second.id])
    const waits = await call('POST', '/v1/payments', { ...asked, phone: '0712345679', retry_of: second.id })
    assert.deepEqual([waits.status, waits.body.error.param], [409, 'retry_of'])
    assert.match(waits.body.error.message, /Only a payment that failed .* is pending\./)
    const nobodys = await call('POST', '/v1/payments', { ...asked, retry_of: `pay_${'0'.repeat(32)}` })
    assert.deepEqual([nobodys.status, nobodys.body.error.param], [404, 'retry_of'])
  }))

test('whoever repeats the request for a retry is answered as before, whatever became of the first payment', () =>
  story({}, async (told) => {
    const headers = { 'Idempotency-Key': 'order-204 again' }
    const first = await failed(told)
    const body = { ...order, retry_of: first.id }
    const made = await told.call('POST', '/v1/payments', body, headers)
    await settlePayments(told.context, [moneyFor(told, first, 'UKK7X2M4QA')])
    const repeated = await told.call('POST', '/v1/payments', body, headers)
    assert.deepEqual([repeated.status, repeated.body], [201, made.body])
  }))

test('of many who ask at once for an order that failed one gets a payment', () =>
  story({}, async (told) => {
    const first = await failed(told)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        told.call(
          'POST',
          '/v1/payments',
          { ...order, phone: `071234560${index}`, ...(index % 2 === 0 && { retry_of: first.id }) },
          { 'Idempotency-Key': `again-${index}` },
        ),
      ),
    )
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => body.data)
    assert.equal(made.length, 1)
    for (const { status, body } of answers)
      if (status !== 201) assert.deepEqual([status, body.error.payment_id], [409, made[0].id])
  }))

test('an order with a reference is not asked for a third time once the money of the first attempt has come late', () =>
  story({}, async (told) => {
    const first = await failed(told)
    assert.deepEqual(await settlePayments(told.context, [moneyFor(told, first, 'UKK7X2M4QA')]), ['completed'])
    const { status, body } = await told.call('POST', '/v1/payments', order)
    assert.deepEqual([status, body.error.payment_id], [409, first.id])
  }))

for (const [when, settle] of [
  [
    'one after the other',
    (told, money) => settlePayments(told.context, [money[0]!]).then(() => settlePayments(told.context, [money[1]!])),
  ],
  ['in one batch', (told, money) => settlePayments(told.context, money)],
  ['by two nodes at once', (told, money) => Promise.all(money.map((one) => settlePayments(told.context, [one])))],
] as [string, (told: Story, money: ReturnType<typeof moneyFor>[]) => Promise<unknown>][])
  test(`an order that the first and the third attempt pay, ${when}, is shown to a person once`, () =>
    story({}, async (told) => {
      const first = await failed(told)
      await failed(told)
      const third = await told.pay(order)
      await settle(told, [moneyFor(told, first, 'UKK7X2M4QA'), moneyFor(told, third, 'UKK7X2M4QB')])
      const { body } = await told.call('GET', '/v1/payments')
      assert.deepEqual(
        body.data.map(({ status }: any) => status),
        ['completed', 'failed', 'completed'],
      )
      assert.equal(body.data.filter((payment: any) => payment.needs_attention?.includes('paid_twice')).length, 1)
    }))

test('the checkout of a failed payment leads to the payment that its merchant asked for instead', () =>
  story({}, async (told) => {
    const first = await failed(told)
    const second = await told.pay(order)
    const again = await told.post(`/pay/${first.id}/again`, 'phone=same', {
      'Content-Type': 'application/x-www-form-urlencoded',
      Origin: 'https://lango.test',
    })
    assert.deepEqual([again.status, again.headers.get('Location')], [303, `/pay/${second.id}`])
  }))

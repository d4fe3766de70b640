import assert from 'node:assert/strict'
import { test } from 'node:test'
import { county, driver } from '../../../testing/county.ts'
import type { County } from '../../../testing/county.ts'
import { defaultAccount } from '../../accounts/named.ts'
import { tryAccount } from '../../questions/try-account.ts'
import { toldOf } from '../../../testing/told-of.ts'

/** Everything that was told and is due to be asked is asked, and time goes on. */
async function askDue(told: County, after = '30 s') {
  await told.advance(after)
  await told.sweep('checks')
  await told.sweep('receipts')
}

const receiptsOf = (told: County) => told.simulator.ledger.entries.map(({ receipt }) => receipt)

test('a fine is brought to eCitizen, paid there, confirmed, and told with its commission apart', () =>
  county({}, async (told) => {
    const made = await told.bill({ amount: '100.50', account_reference: 'FINE-7', description: 'Overload' })
    const [bill] = told.bills()
    assert.equal(made.checkout_url, `http://daraja.test/checkout?request_id=${bill!.request_id}`)
    assert.deepEqual(
      [made.status, made.provider_outcome, made.provider_ref, made.amount, made.commission, made.gross_amount],
      ['pending', 'accepted', bill!.invoice_number, '100.50', '5.00', '105.50'],
    )
    assert.match(bill!.reference, /^FINE-7-[A-Z2-9]{10}$/)
    assert.deepEqual([bill!.payer.name, bill!.payer.id_number], ['Jane Doe', '11111111'])

    await told.payAtPage(made.checkout_url, '105.50')
    assert.equal((await told.payment(made.id)).status, 'pending', 'a notification alone settles nothing')
    await told.sweep('checks')
    const paid = await told.payment(made.id)
    const [receipt] = receiptsOf(told)
    assert.deepEqual([paid.status, paid.provider_receipt, paid.amount_received], ['completed', receipt, '105.50'])
    assert.deepEqual(await told.money(), [{ receipt, amount_cents: 10550, is_matched: true }])
    assert.deepEqual(await toldOf(told), ['payment.completed'])
    const [event] = (await told.call('GET', '/v1/events')).body.data
    assert.deepEqual([event.data.amount, event.data.commission], ['100.50', '5.00'])

    for (const [method, path, body] of [
      ['POST', '/v1/refunds', { payment_id: made.id }],
      ['POST', '/v1/payouts', { provider: 'pesaflow', kind: 'b2c', phone: '0712345678', amount: 10 }],
    ] as const) {
      const { status, body: answer } = await told.call(method, path, body)
      assert.deepEqual([status, answer.error.code], [422, 'not_supported'], path)
    }
  }))

test('a phone that is given is asked at once, and a payer without a name or number is refused', () =>
  county({}, async (told) => {
    const made = await told.bill({ phone: '0712345678' })
    assert.equal(told.simulator.prompts().length, 1)
    told.simulator.phones.get('0712345678').approve()
    await told.advance('1 s')
    await told.sweep('checks')
    assert.equal((await told.payment(made.id)).status, 'completed')
    for (const [param, customer] of [
      ['customer.name', { id_number: '1' }],
      ['customer.id_number', { name: 'Jane' }],
    ] as const) {
      const body = { provider: 'pesaflow', amount: 100, customer }
      const { status, body: answer } = await told.call('POST', '/v1/payments', body)
      assert.deepEqual([status, answer.error.param], [400, param])
    }
  }))

for (const fault of ['drop_callback', 'duplicate_callback', 'late_callback'] as const)
  test(`a bill is paid once, though its notification suffers ${fault}`, () =>
    county({}, async (told) => {
      told.simulator.faults.set({ rules: [{ api: 'pesaflow_ipn', fault, probability: 1, delay_ms: 200_000 }] })
      const { id, provider_ref } = await told.bill()
      await told.payAtPaybill(105, provider_ref)
      await askDue(told, '2 min')
      const found = await told.payment(id)
      assert.equal(found.status, 'completed')
      for (let minute = 0; minute < 30; minute++) await askDue(told, '1 min')
      const [receipt] = receiptsOf(told)
      const named = fault === 'drop_callback' ? provider_ref : receipt
      assert.deepEqual(await told.money(), [{ receipt: named, amount_cents: 10500, is_matched: true }])
      const after = await told.payment(id)
      assert.deepEqual([after.provider_receipt, after.amount_received, after.version], [named, '105.00', 1])
      assert.deepEqual(await toldOf(told), ['payment.completed'])
      assert.equal(after.needs_attention, null)
    }))

test('two parts add up, whatever Pesaflow calls a part, and the first never passes for the whole', async () => {
  for (const pesaflow_part_word of ['pending', 'settled'] as const)
    await county({ settings: { pesaflow_part_word } }, async (told) => {
      const invoice = (
        await told.call('POST', '/v1/invoices', {
          lines: [{ description: 'Overload fine', unit_amount: '100' }],
          customer: { name: 'Jane Doe' },
        })
      ).body.data
      const settle = { provider: 'pesaflow', customer: { id_number: '11111111' } }
      const { id, provider_ref } = (await told.call('POST', `/v1/invoices/${invoice.id}/settle`, settle)).body.data
      await told.payAtPaybill(60, provider_ref)
      await askDue(told)
      const part = await told.payment(id)
      assert.deepEqual([part.status, part.amount_received, part.provider_receipt], ['pending', '60.00', null])
      const owed = async () => (await told.call('GET', `/v1/invoices/${invoice.id}`)).body.data
      assert.deepEqual([(await owed()).status, (await owed()).amount_due], ['part_paid', '40.00'])
      assert.deepEqual(await toldOf(told), ['invoice.part_paid'])

      await told.payAtPaybill(45, provider_ref)
      await askDue(told)
      const paid = await told.payment(id)
      const receipts = receiptsOf(told)
      assert.deepEqual([paid.status, paid.amount_received, paid.provider_receipt], ['completed', '105.00', receipts[1]])
      assert.deepEqual((await told.money()).map(({ receipt }) => receipt).sort(), receipts.sort())
      assert.deepEqual([(await owed()).status, (await owed()).amount_paid], ['paid', '100.00'])
      assert.deepEqual(await toldOf(told), ['invoice.part_paid', 'payment.completed', 'invoice.paid'])
    })
})

test('a part that nobody named counts under the bill’s own number, and what is paid over is shown', () =>
  county({}, async (told) => {
    const { id, provider_ref } = await told.bill()
    told.simulator.faults.set({ rules: [{ api: 'pesaflow_ipn', fault: 'drop_callback', probability: 1 }] })
    await told.payAtPaybill(60, provider_ref)
    await askDue(told, '2 min')
    assert.equal((await told.payment(id)).amount_received, '0.00')
    for (let round = 0; round < 3; round++) await askDue(told, '30 min')
    assert.equal((await told.payment(id)).amount_received, '60.00')
    told.simulator.faults.set({ rules: [] })
    await told.payAtPaybill(100, provider_ref)
    await askDue(told)
    const paid = await told.payment(id)
    assert.deepEqual([paid.status, paid.amount_received, paid.needs_attention], ['completed', '160.00', ['overpaid']])
    const sums = (await told.money()).map(({ receipt, amount_cents }) => [receipt, amount_cents])
    assert.deepEqual(
      sums.sort(),
      [
        [provider_ref, 6000],
        [receiptsOf(told)[1], 10000],
      ].sort(),
    )
  }))

test('the form variant is read, and a wrong hash makes nothing more than a question', async () => {
  for (const settings of [
    { pesaflow_ipn: 'variant_form' },
    { pesaflow_ipn: 'variant', pesaflow_paid_word: 'SUCCESS' },
    { pesaflow_ipn_hash: 'wrong' },
    { pesaflow_ipn_hash: 'none', pesaflow_ipn_times: 'late' },
  ] as const)
    await county({ settings }, async (told) => {
      const { id, provider_ref } = await told.bill()
      await told.payAtPaybill(105, provider_ref)
      await told.advance('1 s')
      assert.equal((await told.payment(id)).status, 'pending')
      await told.sweep('checks')
      const paid = await told.payment(id)
      assert.deepEqual([paid.status, paid.provider_receipt], ['completed', receiptsOf(told)[0]])
    })
})

test('whatever a notification claims, the status decides; and no claim of failure erases what was paid', () =>
  county({}, async (told) => {
    const { id, provider_ref } = await told.bill()
    const path = new URL(told.bills()[0]!.notification_url).pathname
    const claim = (status: string, payment_reference: unknown) =>
      told.post(path, { status, invoice_number: provider_ref, client_invoice_ref: 'X', payment_reference })
    const forged = [{ payment_reference: 'FORGED1234', amount: '105.00', currency: 'KES' }]
    assert.equal((await claim('settled', forged)).status, 200)
    assert.equal((await told.post(path, { weather: 'fine' })).status, 400)
    await askDue(told)
    assert.deepEqual([(await told.payment(id)).status, await told.money()], ['pending', []])

    await told.payAtPaybill(105, provider_ref)
    await askDue(told)
    await claim('FAILED', [])
    await askDue(told)
    const paid = await told.payment(id)
    assert.deepEqual([paid.status, paid.amount_received], ['completed', '105.00'])
    assert.equal((await told.call('GET', `/v1/payments/${id}`)).body.data.needs_attention, null)
    const evidence = (await told.call('GET', `/v1/payments/${id}/evidence`)).body.data
    assert.ok(evidence.some(({ receipt, effect }: any) => receipt === 'FORGED1234' && effect === 'doubted'))
  }))

test('a bill of which nobody knows whether it arrived is brought again, of the same payer, and paid once', async () => {
  for (const fault of ['drop_response', 'http_500', 'html_200', 'cut'] as const)
    await county({}, async (told) => {
      told.simulator.faults.set({ rules: [{ api: 'pesaflow_checkout', fault, probability: 1 }] })
      const made = await told.bill()
      assert.deepEqual([made.status, made.provider_outcome, made.provider_ref], ['pending', 'unknown', null], fault)
      assert.match(made.checkout_url, /^https:\/\/lango\.test\/pay\/pay_/)
      await askDue(told, '2 min')
      assert.equal((await told.payment(made.id)).provider_ref, null)
      told.simulator.faults.set({ rules: [] })
      await askDue(told, '10 min')
      const brought = await told.payment(made.id)
      const [bill, ...more] = told.bills()
      assert.deepEqual([brought.provider_ref, brought.provider_outcome], [bill!.invoice_number, 'accepted'])
      assert.deepEqual([bill!.payer.name, bill!.payer.id_number, more.length], [driver.name, driver.id_number, 0])
      assert.match(brought.checkout_url, /daraja\.test\/checkout/)
      await told.payAtPaybill(105, brought.provider_ref)
      await askDue(told)
      assert.equal((await told.payment(made.id)).status, 'completed')
    })
})

test('a bill that was paid before its answer came is known by its reference, and fails nothing', () =>
  county({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'pesaflow_checkout', fault: 'drop_response', probability: 1 }] })
    const { id } = await told.bill()
    const number = told.bills()[0]!.invoice_number
    await told.payAtPaybill(105, number)
    await askDue(told, '2 min')
    const paid = await told.payment(id)
    assert.deepEqual(
      [paid.status, paid.provider_ref, paid.provider_receipt, paid.commission],
      ['completed', number, receiptsOf(told)[0], '5.00'],
    )
  }))

test('a bill that is brought again and is paid already, 422, is no refusal: it is asked about, and paid once', () =>
  county({}, async (told) => {
    const silent = { api: 'pesaflow_status', fault: 'http_500', probability: 1 } as const
    const lost = { api: 'pesaflow_ipn', fault: 'drop_callback', probability: 1 } as const
    told.simulator.faults.set({
      rules: [silent, lost, { api: 'pesaflow_checkout', fault: 'drop_response', probability: 1 }],
    })
    const { id } = await told.bill()
    const number = told.bills()[0]!.invoice_number
    await told.payAtPaybill(105, number)
    told.simulator.faults.set({ rules: [silent, lost] })
    await askDue(told, '2 min')
    await askDue(told, '10 min')
    const refusals = told.simulator.log().filter(({ api, status }) => api === 'pesaflow_checkout' && status === 422)
    assert.ok(refusals.length > 0, 'Pesaflow was brought the bill again.')
    const waiting = await told.payment(id)
    assert.deepEqual([waiting.status, waiting.failure], ['pending', null])
    const evidence = (await told.call('GET', `/v1/payments/${id}/evidence`)).body.data
    assert.match(JSON.stringify(evidence), /Pesaflow says that this bill is paid\. Its status is asked/)

    told.simulator.faults.set({ rules: [lost] })
    await askDue(told, '1 h')
    const paid = await told.payment(id)
    assert.deepEqual([paid.status, paid.provider_ref], ['completed', number])
    // Nobody named the receipt: the bill's own number stands in for it.
    await told.advance('20 min')
    await told.sweep('receipts')
    assert.equal((await told.payment(id)).amount_received, '105.00')
    assert.equal(told.bills().length, 1)
  }))

test('what Pesaflow refuses fails, in words that say what to do', () =>
  county({}, async (told) => {
    const account = { env: 'simulator', api_client_id: '588', service_id: '48798', api_key: 'other', secret: 'wrong' }
    await told.call('PUT', '/v1/merchant/providers/pesaflow', { provider: 'pesaflow', pesaflow: account })
    const made = await told.bill()
    assert.deepEqual(
      [made.status, made.failure.code, made.failure.provider_code],
      ['failed', 'refused', 'invalid_hash'],
    )
    assert.match(made.failure.message, /key and secret/)
  }))

test('a bill that nobody pays is asked about for a month, then expires; money that comes later still counts', () =>
  county({}, async (told) => {
    const { id, provider_ref } = await told.bill()
    for (let day = 0; day < 32; day++) await askDue(told, '24 h')
    const expired = await told.payment(id)
    assert.deepEqual([expired.status, expired.failure.code, expired.needs_attention], ['failed', 'expired', null])
    await told.payAtPaybill(105, provider_ref)
    await askDue(told)
    const paid = await told.payment(id)
    assert.deepEqual([paid.status, paid.late, paid.failure], ['completed', true, null])
  }))

test('credentials are tried without a bill', () =>
  county({}, async (told) => {
    const merchant_id = told.merchant.id
    const outcomes = async () => {
      const { id } = await defaultAccount(told.context, merchant_id, 'pesaflow')
      const { examined } = await tryAccount(told.context, { merchant_id, id, mode: 'test' })
      return examined.map(({ outcome }) => outcome)
    }
    assert.deepEqual(await outcomes(), ['right', 'right'])
    const pesaflow = { env: 'simulator', api_client_id: '588', service_id: '48798', api_key: 'other' }
    await told.call('PUT', '/v1/merchant/providers/pesaflow', { pesaflow })
    assert.deepEqual(await outcomes(), ['wrong', 'wrong'])
    assert.deepEqual(told.bills(), [])
  }))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf } from '../../testing/address-of.ts'
import { complaintsOfDoctor } from '../../testing/complaints-of-doctor.ts'
import { amina, invoiced, invoiceOf, newsOf, standOf } from '../../testing/invoices.ts'
import { stkCallback } from '../../testing/stk-callback.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { toldOf } from '../../testing/told-of.ts'

const baraka = '0799000120'

/** A shop that is told of what customers send by hand. */
const scene = (plot: (told: Story & { byHand(amount: number, reference: string): Promise<any> }) => Promise<void>) =>
  story({}, async (told) => {
    assert.equal((await told.call('POST', '/v1/mpesa/c2b/register')).status, 200)
    await plot({
      ...told,
      async byHand(amount, reference) {
        const paid: any = await told.simulator.phones.get(baraka).pay({ shortcode: '174379', amount, reference })
        await told.simulator.settled()
        return paid
      },
    })
  })

const money = async ({ call }: Story) => (await call('GET', '/v1/money-in')).body.data
const payments = async ({ call }: Story, query = '') => (await call('GET', `/v1/payments${query}`)).body.data

test('what is sent by hand with the reference of an open invoice is a payment of it, however the reference is typed', () =>
  scene(async (told) => {
    const invoice = await invoiced(told, { reference: 'INV-198' })
    await told.byHand(1500, 'inv 198')
    assert.equal(await standOf(told, invoice), 'part_paid 1500 3000 0')
    const [payment] = await payments(told)
    assert.deepEqual(
      [payment.status, payment.origin, payment.amount, payment.invoice_id, payment.account_reference],
      ['completed', 'c2b', '1500.00', invoice.id, 'INV-198'],
    )
    assert.ok(payment.payer.name && payment.provider_receipt)
    await told.byHand(3500, 'INV198')
    assert.equal(await standOf(told, invoice), 'overpaid 5000 0 500')
    await told.byHand(70, 'INV-198')
    assert.equal((await money(told))[0].unmatched_because, 'no_payment', 'one that is paid asks for nothing more')
    assert.deepEqual(await toldOf(told), [
      'c2b.received',
      'payment.completed',
      'invoice.part_paid',
      'c2b.received',
      'payment.completed',
      'invoice.overpaid',
      'c2b.received',
    ])
    const refund = await told.call('POST', '/v1/refunds', { payment_id: (await payments(told))[0].id, amount: 500 })
    assert.equal(refund.status, 201, JSON.stringify(refund.body))
    assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('of two references that look alike the exact one is paid, and where none is exact a person decides', () =>
  scene(async (told) => {
    const [dashed, plain] = [
      await invoiced(told, { reference: 'INV-204' }),
      await invoiced(told, { reference: 'INV204' }),
    ]
    await told.byHand(4500, 'inv 204')
    assert.deepEqual(
      (await money(told)).map(({ payment_id, unmatched_because }: any) => [payment_id, unmatched_because]),
      [[null, 'several_invoices']],
    )
    await told.byHand(4500, 'INV204')
    assert.equal(await standOf(told, plain), 'paid 4500 0 0')
    assert.equal(await standOf(told, dashed), 'open 0 4500 0')
  }))

test('a payment that waits for the very amount is paid before the invoice is asked', () =>
  scene(async (told) => {
    const invoice = await invoiced(told, { reference: 'INV-7', instalments: true })
    const asked = await told.call('POST', `/v1/invoices/${invoice.id}/settle`, { phone: amina, amount: 2000 })
    await told.byHand(2000, 'INV-7')
    assert.equal((await told.payment(asked.body.data.id)).status, 'completed')
    assert.equal(await standOf(told, invoice), 'part_paid 2000 2500 0')
    // Of two that wait for the same amount either could be meant; after three minutes their invoice is certain all the same.
    await told.advance('3 minutes')
    for (const phone of [amina, '0799000121'])
      await told.call('POST', `/v1/invoices/${invoice.id}/settle`, { phone, amount: 500 })
    await told.byHand(500, 'INV-7')
    assert.equal(await standOf(told, invoice), 'part_paid 2000 2500 0')
    await told.advance('3 minutes')
    await told.sweep('money')
    assert.equal(await standOf(told, invoice), 'part_paid 2500 2000 0')
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('a shop that lets in known references knows its open invoices, and what they ask for', () =>
  scene(async (told) => {
    await invoiced(told, { reference: 'WHOLE' })
    await invoiced(told, { reference: 'PARTS', instalments: true })
    const byHand = async (amount: number, reference: string) => (await told.byHand(amount, reference)).code
    await told.call('PUT', '/v1/mpesa/c2b/rule', { accepts: 'known_reference' })
    assert.deepEqual([await byHand(1, 'NOBODY'), await byHand(1, 'WHOLE')], ['C2B00012', undefined])
    await told.call('PUT', '/v1/mpesa/c2b/rule', { accepts: 'exact_amount' })
    assert.deepEqual(
      [await byHand(1, 'WHOLE'), await byHand(4499, 'WHOLE'), await byHand(5000, 'PARTS'), await byHand(5, 'PARTS')],
      ['C2B00013', undefined, 'C2B00013', undefined],
    )
  }))

test('a statement finds invoices as well, and says so before it is asked to', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told, { reference: 'INV-9' })
    await told.simulator.phones.get(baraka).pay({ shortcode: '174379', amount: 4500, reference: 'inv9' })
    await told.advance('1 minute')
    const upload = (query: string) =>
      told.call('POST', `/v1/reconciliation/statements${query}`, told.simulator.statement(), {
        'Content-Type': 'text/csv',
      })
    const preview = await upload('?preview=true')
    assert.equal(preview.status, 200, JSON.stringify(preview.body))
    assert.match(JSON.stringify(preview.body), /open invoice that has its reference/)
    assert.equal(await standOf(told, invoice), 'open 0 4500 0')
    assert.equal((await upload('')).status, 201)
    assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
    assert.deepEqual(await toldOf(told), ['c2b.received', 'payment.completed', 'invoice.paid'])
    assert.equal((await money(told))[0].kind, 'c2b')
    // The same once more, and money from before an invoice was made.
    assert.equal((await upload('')).body.data.report.matched.count, 1)
    await told.simulator.phones.get(baraka).pay({ shortcode: '174379', amount: 4500, reference: 'LATER' })
    await told.advance('10 minutes')
    const later = await invoiced(told, { reference: 'LATER' })
    await upload('')
    assert.equal(await standOf(told, later), 'open 0 4500 0')
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

/** A prompt of an invoice that failed, whose money came all the same, first by hand and then by its own callback. */
async function foldedScene(told: Story & { byHand(amount: number, reference: string): Promise<any> }) {
  const invoice = await invoiced(told, { reference: 'INV-5' })
  const asked = (await told.call('POST', `/v1/invoices/${invoice.id}/settle`, { phone: amina })).body.data
  const address = addressOf(told, 'payment', asked.id)
  await told.post(address, stkCallback(asked.provider_ref, { code: 1037 }))
  assert.equal((await told.payment(asked.id)).status, 'failed')
  await told.byHand(4500, 'INV-5')
  const [made] = await payments(told, '?status=completed')
  const late = () =>
    told.post(address, stkCallback(asked.provider_ref, { amount: 4500, receipt: made.provider_receipt }))
  return { invoice, asked, made, late }
}

test('a prompt whose own callback names the money that came by hand takes it over, and nothing counts or is told twice', () =>
  scene(async (told) => {
    const { invoice, asked, made, late } = await foldedScene(told)
    await told.sweep('issue')
    const { receipt_id } = await told.payment(made.id)
    const before = await toldOf(told)
    await late()
    await late()
    // The receipt of the money goes with it, and no second one is issued.
    await told.sweep('issue')
    assert.equal((await told.payment(asked.id)).receipt_id, receipt_id)
    const [receipt, ...more] = (await told.call('GET', '/v1/receipts')).body.data
    assert.deepEqual([receipt.payment_id, receipt.status, receipt.amount, more], [asked.id, 'issued', '4500.00', []])
    const paid = await told.payment(asked.id)
    assert.deepEqual(
      [paid.status, paid.late, paid.provider_receipt, paid.needs_attention, paid.amount_received],
      ['completed', true, made.provider_receipt, null, '4500.00'],
    )
    assert.deepEqual(await toldOf(told), before)
    assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
    assert.deepEqual(
      (await invoiceOf(told, invoice)).payments.map(({ payment_id }: any) => payment_id),
      [asked.id],
    )
    assert.deepEqual(
      (await money(told)).map(({ payment_id }: any) => payment_id),
      [asked.id],
    )
    const folded = await told.payment(made.id)
    assert.deepEqual([folded.folded_into, folded.amount_received, folded.provider_receipt], [asked.id, '0.00', null])
    assert.deepEqual(
      (await payments(told)).map(({ id }: any) => id),
      [asked.id],
    )
    const refused = await told.call('POST', '/v1/refunds', { payment_id: made.id })
    assert.match(refused.body.error.message, new RegExp(`folded into another.*It is ${asked.id}`))
    await told.call('POST', '/v1/refunds', { payment_id: asked.id })
    assert.equal((await told.payment(asked.id)).status, 'reversed')
    assert.equal(await standOf(told, invoice), 'open 0 4500 0')
    assert.deepEqual(await newsOf(told, invoice), ['invoice.paid', 'invoice.reopened'])
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('money that is on its way back already is taken over by nobody, and a person is shown both', () =>
  scene(async (told) => {
    const { invoice, asked, made, late } = await foldedScene(told)
    await told.call('POST', '/v1/refunds', { payment_id: made.id, amount: 100 })
    await late()
    assert.deepEqual((await told.payment(asked.id)).needs_attention, ['receipt_used'])
    assert.equal(await standOf(told, invoice), 'part_paid 4400 100 0')
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('one that succeeded without a receipt counts its money once, as soon as that is named', () =>
  scene(async (told) => {
    const { invoice, asked, made, late } = await foldedScene(told)
    await told.post(addressOf(told, 'payment', asked.id), stkCallback(asked.provider_ref, { bare: true }))
    assert.equal(await standOf(told, invoice), 'overpaid 9000 0 4500')
    await told.sweep('issue')
    await late()
    const receipts = (await told.call('GET', '/v1/receipts')).body.data
    assert.deepEqual(receipts.map(({ status }: any) => status).toSorted(), ['issued', 'replaced'])
    assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
    assert.equal((await told.payment(asked.id)).provider_receipt, made.provider_receipt)
    assert.equal((await told.payment(made.id)).folded_into, asked.id)
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintsOfDoctor } from '../../testing/complaints-of-doctor.ts'
import { amina, invoiced, newsOf, standOf } from '../../testing/invoices.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'

const items = (amount: number) => ({ lines: [{ description: 'Rent', unit_amount: amount }] })

/** A shop to which KES 1,000 came, and nobody knows what for. */
const scene = (
  plot: (told: Story & { receipt: string; assign(body: object, receipt?: string): Promise<any> }) => Promise<void>,
) =>
  story({}, async (told) => {
    await told.call('POST', '/v1/mpesa/c2b/register')
    await told.simulator.phones.get(amina).pay({ shortcode: '174379', amount: 1000, reference: 'SHOES' })
    await told.simulator.settled()
    const { receipt } = (await told.call('GET', '/v1/money-in?unmatched=true')).body.data[0]
    const assign = (body: object, of = receipt) => told.call('POST', `/v1/money-in/${of}/assign`, body)
    await plot({ ...told, receipt, assign })
  })

test('one receipt is split over several invoices, never beyond its amount, and the rest is shown', () =>
  scene(async (told) => {
    const [one, two] = [await invoiced(told, items(300)), await invoiced(told, items(500))]
    const parts = (first: number, second: number) => ({
      invoices: [
        { invoice_id: one.id, amount: first },
        { invoice_id: two.id, amount: second },
      ],
    })
    const beyond = await told.assign(parts(600, 500))
    assert.match(beyond.body.error.message, /1,000\.00 of this money can be put/)
    assert.equal((await told.call('GET', '/v1/money-in?unmatched=true')).body.data.length, 1)
    for (let times = 2; times > 0; times--) {
      const given = await told.assign(parts(300, 400))
      assert.equal(given.status, 200, JSON.stringify(given.body))
      assert.equal(await standOf(told, one), 'paid 300 0 0')
      assert.equal(await standOf(told, two), 'part_paid 400 100 0')
    }
    const [payment] = (await told.call('GET', `/v1/payments?invoice_id=${two.id}`)).body.data
    assert.deepEqual([payment.amount, payment.needs_attention], ['1000.00', ['credit_left']])
    assert.equal((await told.assign(parts(500, 500))).status, 200)
    assert.equal(await standOf(told, one), 'overpaid 500 0 200')
    assert.equal((await told.payment(payment.id)).needs_attention, null)
    // A refund takes the credit first.
    await told.call('POST', '/v1/refunds', { payment_id: payment.id, amount: 250 })
    assert.deepEqual([await standOf(told, one), await standOf(told, two)], ['part_paid 250 50 0', 'paid 500 0 0'])
    assert.deepEqual(await newsOf(told, two), ['invoice.part_paid', 'invoice.paid'])
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('what was paid beyond an invoice is put to a second one', () =>
  scene(async (told) => {
    const [first, second] = [await invoiced(told, items(800)), await invoiced(told, items(600))]
    assert.equal((await told.assign({ invoices: [{ invoice_id: first.id }] })).status, 200)
    assert.equal(await standOf(told, first), 'overpaid 1000 0 200')
    const more = await told.assign({ invoices: [{ invoice_id: second.id, amount: 300 }] })
    assert.match(more.body.error.message, /200\.00 of this money/)
    assert.equal((await told.assign({ invoices: [{ invoice_id: second.id, amount: 200 }] })).status, 200)
    assert.deepEqual([await standOf(told, first), await standOf(told, second)], ['paid 800 0 0', 'part_paid 200 400 0'])
    assert.deepEqual(await newsOf(told, first), ['invoice.overpaid', 'invoice.paid'])
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('money is put to what is owed and the merchant’s own, or refused in a sentence', () =>
  scene(async (told) => {
    const invoice = await invoiced(told, items(800))
    const voided = await invoiced(told, items(800))
    await told.call('POST', `/v1/invoices/${voided.id}/void`)
    const { id } = await told.pay({ phone: '0708374149', amount: 100 })
    const order = await told.payment(id)
    const to = (invoice_id: string, amount?: unknown) => ({ invoice_id, amount })
    const tries: [body: object, status: number, message: RegExp, receipt?: string][] = [
      [{}, 400, /either payment_id or invoices/],
      [{ payment_id: id, invoices: [to(invoice.id)] }, 400, /either payment_id or invoices/],
      [{ invoices: [] }, 400, /Name an invoice/],
      [{ invoices: [to(invoice.id, 1), to(invoice.id, 2)] }, 400, /named twice/],
      [{ invoices: [to(invoice.id), to(voided.id, 2)] }, 400, /each has its amount/],
      [{ invoices: [to(invoice.id, -1)] }, 400, /above 0/],
      [{ invoices: [to(invoice.id, 1001)] }, 409, /1,000\.00 of this money/],
      [{ invoices: [to(voided.id)] }, 409, /is void/],
      [{ invoices: [to(`inv_${'0'.repeat(32)}`)] }, 404, /no such invoice/],
      [{ invoices: [to(invoice.id)] }, 409, /belongs to a payment already. It is pay_/, order.provider_receipt],
      [{ invoices: [to(invoice.id)] }, 404, /No money/, 'UKK0000000'],
    ]
    for (const [body, status, message, receipt] of tries) {
      const refused = await told.assign(body, receipt)
      assert.equal(refused.status, status, JSON.stringify([body, refused.body]))
      assert.match(refused.body.error.message, message)
    }
    assert.equal(await standOf(told, invoice), 'open 0 800 0')
    assert.equal((await told.assign({ invoices: [to(invoice.id, 500)] })).status, 200)
    assert.equal(await standOf(told, invoice), 'part_paid 500 300 0')
    await assert.rejects(
      told.context.database.query(
        sql`update payments set allocated_cents = amount_cents + 1 where allocated_cents > 0`,
      ),
      { code: '23514' },
    )
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintsOfDoctor } from '../../testing/complaints-of-doctor.ts'
import { amina, instalment, invoiced, invoiceOf, newsOf, standOf } from '../../testing/invoices.ts'
import { story } from '../../testing/story.ts'
import { createKey } from '../access/key.ts'
import { reckon } from './lines.ts'

const line = (over: object) => ({
  description: 'x',
  quantity_thousandths: 1000,
  unit_cents: 100_00,
  tax_rate_points: 0,
  ...over,
})

const reckoned: [
  what: string,
  lines: object[],
  taxIncluded: boolean,
  [subtotal: number, tax: number, total: number],
][] = [
  ['one thing', [{}], false, [100_00, 0, 100_00]],
  ['a third of a kilo', [{ quantity_thousandths: 333 }], false, [33_30, 0, 33_30]],
  ['a tax that is added', [{ tax_rate_points: 1600 }], false, [100_00, 16_00, 116_00]],
  ['a tax that is in it', [{ tax_rate_points: 1600, unit_cents: 116_00 }], true, [100_00, 16_00, 116_00]],
  ['half a cent of tax', [{ tax_rate_points: 1600, unit_cents: 3 * 100 + 28 }], false, [328, 52, 380]],
  ['more than a number holds', [{ quantity_thousandths: 1e9, unit_cents: 1e10 }], false, [1e16, 0, 1e16]],
]
for (const [what, lines, taxIncluded, [subtotal_cents, tax_cents, total_cents]] of reckoned)
  test(`${what} is reckoned to the cent`, () => {
    const { lines: _, ...totals } = reckon(lines.map(line), { taxIncluded })
    assert.deepEqual(totals, { subtotal_cents, tax_cents, total_cents })
  })

test('an invoice is paid in two instalments, and each is told', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told, { reference: 'INV-198', instalments: true, due_date: '2026-11-21' })
    assert.deepEqual(
      [invoice.status, invoice.total, invoice.amount_due, invoice.is_overdue, invoice.due_date],
      ['open', '4500.00', '4500.00', false, '2026-11-21'],
    )
    assert.match(invoice.url, /^https:\/\/lango\.test\/pay\/inv_[0-9a-f]{32}$/)
    const first = await instalment(told, invoice, { amount: 2000 })
    assert.deepEqual(
      [first.status, first.origin, first.invoice_id, first.account_reference],
      ['completed', 'invoice', invoice.id, 'INV-198'],
    )
    assert.equal(await standOf(told, invoice), 'part_paid 2000 2500 0')
    await told.advance('2 days')
    assert.equal((await invoiceOf(told, invoice)).is_overdue, true)
    assert.equal((await told.call('GET', '/v1/invoices?overdue=true')).body.data.length, 1)
    const second = await instalment(told, invoice)
    assert.equal(second.amount, '2500.00')
    assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
    const { payments, is_overdue, paid_at } = await invoiceOf(told, invoice)
    assert.deepEqual(
      payments.map(({ payment_id, receipt, amount }: any) => [payment_id, receipt, amount]),
      [
        [first.id, first.provider_receipt, '2000.00'],
        [second.id, second.provider_receipt, '2500.00'],
      ],
    )
    assert.deepEqual([is_overdue, paid_at !== null], [false, true])
    assert.deepEqual(await newsOf(told, invoice), ['invoice.part_paid', 'invoice.paid'])
    assert.deepEqual(
      (await told.call('GET', `/v1/payments?invoice_id=${invoice.id}`)).body.data.map(({ id }: any) => id),
      [second.id, first.id],
    )
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('whoever pays at the same time as another makes a credit, and what goes back is taken back', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told, { instalments: true })
    const ask = (phone: string, amount: number) =>
      told.call('POST', `/v1/invoices/${invoice.id}/settle`, { phone, amount })
    const one = (await ask(amina, 4500)).body.data
    const other = (await ask('0799000120', 500)).body.data
    told.simulator.phones.get(amina).approve()
    assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
    told.simulator.phones.get('0799000120').approve()
    assert.equal(await standOf(told, invoice), 'overpaid 5000 0 500')
    const refund = (payment_id: string, amount?: number) => told.call('POST', '/v1/refunds', { payment_id, amount })
    await refund(one.id, 200)
    assert.equal(await standOf(told, invoice), 'overpaid 4800 0 300')
    await refund(other.id)
    assert.equal((await told.payment(other.id)).status, 'reversed')
    assert.equal(await standOf(told, invoice), 'part_paid 4300 200 0')
    await refund(one.id)
    assert.equal(await standOf(told, invoice), 'open 0 4500 0')
    assert.deepEqual(
      await newsOf(told, invoice),
      ['paid', 'overpaid', 'overpaid', 'reopened', 'reopened'].map((what) => `invoice.${what}`),
    )
    assert.equal((await invoiceOf(told, invoice)).paid_at, null)
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('a payment takes what its invoice owes, and no other', () =>
  story({}, async (told) => {
    const whole = await invoiced(told)
    const pay = (body: object) => told.call('POST', '/v1/payments', body)
    const settle = (id: string, body: object = {}) => told.call('POST', `/v1/invoices/${id}/settle`, body)
    const part = await pay({ amount: 100, invoice_id: whole.id })
    assert.deepEqual([part.status, part.body.error.param], [409, 'amount'])
    assert.match(part.body.error.message, /not paid in instalments.*4,500\.00/)
    const more = await settle(whole.id, { amount: 4501 })
    assert.match(more.body.error.message, /4,500\.00 is left to pay/)
    const waiting = await pay({ amount: 4500, invoice_id: whole.id })
    assert.deepEqual([waiting.status, waiting.body.data.invoice_id], [201, whole.id])
    assert.equal(waiting.body.data.account_reference, whole.reference)
    await instalment(told, whole)
    assert.match((await settle(whole.id)).body.error.message, /is paid/)
    assert.match((await pay({ amount: 1, invoice_id: whole.id })).body.error.message, /is paid/)
    assert.equal((await pay({ amount: 1, invoice_id: whole.id.replace(/.$/, 'z') })).status, 404)
    assert.equal((await pay({ amount: 1, invoice_id: `inv_${'0'.repeat(32)}` })).status, 404)

    const settled = { 'Idempotency-Key': 'once' }
    await told.advance('3 minutes')
    const other = await invoiced(told)
    const asked = await told.call('POST', `/v1/invoices/${other.id}/settle`, { phone: amina }, settled)
    told.simulator.phones.get(amina).approve()
    await told.payment(asked.body.data.id)
    const again = await told.call('POST', `/v1/invoices/${other.id}/settle`, { phone: amina }, settled)
    assert.deepEqual([again.status, again.body.data.id], [201, asked.body.data.id])
    const reused = await told.call('POST', `/v1/invoices/${whole.id}/settle`, { phone: amina }, settled)
    assert.equal(reused.body.error.code, 'idempotency_key_reused')
  }))

test('a void invoice is owed by nobody, and what is paid to it all the same is shown', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told, { reference: 'INV-7' })
    const cancel = (id = invoice.id) => told.call('POST', `/v1/invoices/${id}/void`)
    const { id } = (await told.call('POST', `/v1/invoices/${invoice.id}/settle`, { phone: amina })).body.data
    assert.equal((await cancel()).body.data.status, 'void')
    assert.equal((await cancel()).status, 200)
    assert.match((await told.call('POST', `/v1/invoices/${invoice.id}/settle`)).body.error.message, /void/)
    const next = await invoiced(told, { reference: 'INV-7' })
    told.simulator.phones.get(amina).approve()
    assert.deepEqual((await told.payment(id)).needs_attention, ['invoice_void'])
    assert.equal(await standOf(told, invoice), 'void 4500 0 4500')
    assert.deepEqual(await newsOf(told, invoice), [])
    await told.call('POST', '/v1/refunds', { payment_id: id })
    assert.equal(await standOf(told, invoice), 'void 0 0 0')
    await told.advance('3 minutes')
    await instalment(told, next)
    const refused = await cancel(next.id)
    assert.match(refused.body.error.message, /4,500\.00 was paid/)
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('an invoice that cannot be is refused in a sentence', () =>
  story({}, async (told) => {
    const item = { description: 'Unga', unit_amount: 100 }
    const tries: [body: object, status: number, param: string | null, message: RegExp][] = [
      [{ lines: [] }, 400, 'lines', /a line at least/],
      [{}, 400, 'lines', /is missing/],
      [{ lines: Array(1000).fill(item) }, 400, 'lines', /at most 100 lines/],
      [{ lines: [{ ...item, unit_amount: -5 }] }, 400, 'lines.0.unit_amount', /from 0 to 100,000,000/],
      [{ lines: [{ ...item, quantity: -1 }] }, 400, 'lines.0.quantity', /what is given back is a refund/],
      [{ lines: [{ ...item, quantity: '1.2345' }] }, 400, 'lines.0.quantity', /three decimals/],
      [{ lines: [{ ...item, tax_rate: 101 }] }, 400, 'lines.0.tax_rate', /0 to 100/],
      [{ lines: [{ ...item, unit_amount: 0 }] }, 400, 'lines', /comes to KES 0\.00.*1 to 250,000/],
      [{ lines: [{ ...item, unit_amount: '100.50' }] }, 400, 'lines', /comes to KES 100\.50.*whole shillings/],
      [{ lines: [{ ...item, unit_amount: 300_000 }], instalments: false }, 400, 'instalments', /250,000\.00 at most/],
      [{ lines: [item], reference: 'A&B' }, 400, 'reference', /1 to 12/],
      [{ lines: [item], due_date: '2026-02-30' }, 400, 'due_date', /day of the calendar/],
      [{ lines: [item], total: 100 }, 400, 'total', /no field/],
      [{ lines: [item], account: 'Nowhere' }, 404, 'account', /no account "Nowhere"/],
    ]
    for (const [body, status, param, message] of tries) {
      const refused = await told.call('POST', '/v1/invoices', body)
      assert.deepEqual([refused.status, refused.body.error?.param], [status, param], JSON.stringify(refused.body))
      assert.match(refused.body.error.message, message)
    }
    await invoiced(told, { reference: 'INV-1' })
    const taken = await told.call('POST', '/v1/invoices', { lines: [item], reference: 'INV-1' })
    assert.deepEqual([taken.status, taken.body.error.code], [409, 'duplicate_reference'])
    const large = await told.call('POST', '/v1/invoices', { lines: [{ ...item, unit_amount: 600_000 }] })
    assert.equal(large.body.data.instalments, true)
    assert.match(large.body.meta.warnings[0], /larger than what one payment takes/)
    assert.match(large.body.data.reference, /^INV-[A-Z2-9]{6}$/)
    const settle = await told.call('POST', `/v1/invoices/${large.body.data.id}/settle`, { phone: amina })
    assert.deepEqual([settle.status, settle.body.error.code], [400, 'invalid_amount'])
  }))

test('invoices are listed, searched and repeated like everything else, by keys that may', () =>
  story({}, async (told) => {
    const key = { 'Idempotency-Key': 'invoice-1' }
    const lines = [{ description: '=SUM(A1)', unit_amount: 116, tax_rate: 16 }]
    const body = { lines, tax_included: true, reference: 'Rent 12', customer: { name: 'Baraka Otieno' } }
    const [first, again] = [
      await told.call('POST', '/v1/invoices', body, key),
      await told.call('POST', '/v1/invoices', body, key),
    ]
    assert.deepEqual(again.body, first.body)
    assert.equal(again.headers.get('Idempotency-Replayed'), 'true')
    const { tax, subtotal, total } = first.body.data
    assert.deepEqual([tax, subtotal, total], ['16.00', '100.00', '116.00'])
    const other = await invoiced(told)
    const ids = async (query: string) =>
      (await told.call('GET', `/v1/invoices${query}`)).body.data.map(({ id }: any) => id)
    assert.deepEqual(await ids(''), [other.id, first.body.data.id])
    for (const query of [
      '?search=rent-1',
      '?search=oti',
      '?reference=RENT12',
      '?max_amount=200',
      '?limit=1&since=2026-11-20',
    ])
      assert.ok((await ids(query)).length === 1, query)
    assert.deepEqual(await ids('?status=paid'), [])
    assert.deepEqual(await ids(`?search=${other.id}`), [other.id])
    const reader = await createKey(told.context, {
      merchant_id: told.merchant.id,
      name: 'reader',
      mode: 'test',
      scopes: ['invoices:read'],
    })
    const asReader = { 'X-API-Key': reader.key }
    assert.equal((await told.call('GET', '/v1/invoices', undefined, asReader)).status, 200)
    const denied = await told.call('POST', '/v1/invoices', body, asReader)
    assert.match(denied.body.error.message, /lacks the scope invoices:write/)
  }))

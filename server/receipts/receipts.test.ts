import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLango } from '../../client/index.ts'
import { amina, instalment, invoiced } from '../../testing/invoices.ts'
import { payer, pathOf } from '../../testing/payer.ts'
import { refund } from '../../testing/refunds.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createNode } from '../node.ts'
import { sql } from '../database/sql.ts'
import { issueReceipts } from './issue.ts'

const payingAtOnce = '0708374149'

/** A payment that is paid, of its own order. */
async function paid(told: Story, over: Record<string, unknown> = {}) {
  const { id } = await told.pay({ phone: payingAtOnce, account_reference: `ORDER-${++orders}`, ...over })
  return told.payment(id)
}

let orders = 0

test('a completed payment has a receipt after the sweep, with all that a tax system asks for', () =>
  story({}, async (told) => {
    const { call } = told
    const of = {
      tax_pin: 'p051234567x',
      vat_rate: 16,
      address: 'Kimathi Street 12\nNairobi',
      email: 'duka@duka.example',
    }
    const changed = await call('PATCH', '/v1/merchant', of)
    assert.deepEqual(
      [changed.body.data.tax_pin, changed.body.data.vat_rate, changed.body.data.email],
      ['P051234567X', '16', 'duka@duka.example'],
    )
    const first = await paid(told, { amount: 1160, customer: { name: 'Ng’ang’a Muñoz' }, metadata: { order: 'A-17' } })
    assert.equal(first.receipt_id, null)
    assert.equal(await told.sweep('issue'), 1)
    assert.equal(await told.sweep('issue'), 0)

    const { receipt_id } = await told.payment(first.id)
    const { data } = (await call('GET', `/v1/receipts/${receipt_id}`)).body
    assert.deepEqual(
      [data.number, data.status, data.amount, data.tax, data.provider_receipt, data.issuer.vat_rate],
      ['2026-000001', 'issued', '1160.00', '160.00', first.provider_receipt, '16'],
    )
    assert.deepEqual(data.payer, { name: 'Ng’ang’a Muñoz', email: null, phone: '254708374149' })

    const [event] = (await call('GET', '/v1/events?type=receipt.issued')).body.data
    assert.deepEqual(
      [event.data.receipt_id, event.data.number, event.data.tax, event.data.issuer.tax_pin, event.data.metadata.order],
      [receipt_id, '2026-000001', '160.00', 'P051234567X', 'A-17'],
    )

    // What the business is called later is no matter of what was issued before; and null takes a detail away.
    await call('PATCH', '/v1/merchant', { name: 'Duka Jipya', vat_rate: null, tax_pin: null })
    await paid(told, { amount: 50 })
    await told.sweep('issue')
    const { body } = await call('GET', '/v1/receipts')
    assert.deepEqual(
      body.data.map((one: any) => [one.number, one.issuer.name, one.tax]),
      [
        ['2026-000002', 'Duka Jipya', '0.00'],
        ['2026-000001', 'Duka la Mfano', '160.00'],
      ],
    )
    for (const [search, found] of [
      ['2026-1', 1],
      [first.provider_receipt, 1],
      ['muñoz', 1],
      ['2027-000001', 0],
    ] as const)
      assert.equal(
        (await call('GET', `/v1/receipts?search=${encodeURIComponent(search)}`)).body.data.length,
        found,
        search,
      )
    for (const bad of [{ tax_pin: 'P05123' }, { vat_rate: 101 }, { email: 'a@b\nBcc: c@d.example' }])
      assert.equal((await call('PATCH', '/v1/merchant', bad)).status, 400)
  }))

test('a receipt of an instalment has the lines of its invoice, and its share of the tax', () =>
  story({}, async (told) => {
    const lines = [{ description: '=Unga <b>wa</b> mahindi', quantity: 10, unit_amount: 200, tax_rate: 16 }]
    const invoice = await invoiced(told, { lines, instalments: true, reference: 'INV-204' })
    assert.equal(invoice.total, '2320.00')
    const payments = [await instalment(told, invoice, { amount: 1000 }), await instalment(told, invoice)]
    await told.sweep('issue')
    const { data } = (await told.call('GET', `/v1/receipts?invoice_id=${invoice.id}`)).body
    assert.deepEqual(
      data.map((one: any) => [one.payment_id, one.amount, one.tax, one.invoices[0].reference, one.lines[0].amount]),
      [
        [payments[1].id, '1320.00', '182.07', 'INV-204', '2320.00'],
        [payments[0].id, '1000.00', '137.93', 'INV-204', '2320.00'],
      ],
    )
    const [event] = (await told.call('GET', '/v1/events?type=receipt.issued')).body.data
    assert.deepEqual([event.data.lines, event.data.invoices], [data[0].lines, data[0].invoices])
  }))

test('many nodes at once leave no gap in the numbers and give none twice, whatever breaks between', () => {
  let breaks = 0
  const wrap = {
    database: (database: Story['context']['database']) => ({
      ...database,
      // Every third statement is carried out and its answer lost, or never arrives at all.
      async query<Row>(query: Parameters<typeof database.query>[0]) {
        const isIssue = query.strings.some((text) => text.includes('receipt_numbers'))
        if (isIssue && ++breaks % 3 === 0) throw new Error('The connection broke before.')
        const rows = await database.query<Row>(query)
        if (isIssue && breaks % 3 === 1) throw new Error('The connection broke after.')
        return rows
      },
    }),
  }
  return story({ wrap }, async (told) => {
    const { context } = told
    await Promise.all(Array.from({ length: 24 }, () => paid(told)))
    // A year ends while receipts are due: the new one begins at 1.
    const nodes = Array.from({ length: 6 }, () => ({ ...context }))
    const all = () => Promise.allSettled(nodes.map((node) => issueReceipts.run(node)))
    await all()
    await told.advance('45 days')
    await Promise.all(Array.from({ length: 16 }, () => paid(told)))
    for (let round = 0; round < 4; round++) await all()
    const numbers = await context.database.query<{ year: number; number: number; payment_id: string }>(
      sql`select year, number, payment_id from receipts order by year, number`,
    )
    assert.equal(new Set(numbers.map(({ payment_id }) => payment_id)).size, 40)
    for (const ofYear of Map.groupBy(numbers, ({ year }) => year).values())
      assert.deepEqual(
        ofYear.map(({ number }) => number),
        ofYear.map((_, index) => index + 1),
      )
    assert.equal(new Set(numbers.map(({ year }) => year)).size, 2)

    // What the schema itself holds: no number without the one before it, and none can be taken out.
    const merchant_id = told.merchant.id
    for (const broken of [
      sql`update receipts set number = number + 1 where number = (select max(number) from receipts where year = 2026) and year = 2026`,
      sql`delete from receipts where merchant_id = ${merchant_id} and number = 3`,
      sql`update receipts set payment_id = (select payment_id from receipts where number = 2 limit 1) where number = 1`,
    ])
      await assert.rejects(context.database.query(broken), /violates/)
  })
})

test('money that goes back marks its receipt, and never takes it away', () =>
  story({}, async (told) => {
    const [kept, gone] = [await paid(told), await paid(told)]
    await told.sweep('issue')
    const of = async ({ id }: { id: string }) => {
      const { receipt_id } = await told.payment(id)
      return (await told.call('GET', `/v1/receipts/${receipt_id}`)).body.data
    }
    const seen = async () =>
      Promise.all([kept, gone].map(of)).then((both) =>
        both.map(({ number, status, amount_refunded }) => [number, status, amount_refunded].join(' ')),
      )
    await refund(told, { payment_id: kept.id, amount: 40 })
    await refund(told, { payment_id: gone.id })
    // One that went back before its receipt was issued has one all the same: the money came.
    const before = await paid(told)
    await refund(told, { payment_id: before.id })
    await told.simulator.settled()
    await told.sweep('issue')
    assert.deepEqual(await seen(), ['2026-000001 issued 40.00', '2026-000002 reversed 100.00'])
    assert.equal((await of(before)).status, 'reversed')
    const { text } = await payer(told).open((await of(gone)).url.replace(told.context.config.publicUrl, ''))
    assert.match(text, /This money was returned on/)
    const { data } = (await told.call('GET', '/v1/receipts?status=reversed')).body
    assert.deepEqual(
      data.map(({ number }: any) => number),
      ['2026-000003', '2026-000002'],
    )
  }))

test('a payer is led from the paid page to the receipt; anybody checks it, and learns no more than what proves it', () =>
  story({}, async (told) => {
    const { open, raw } = payer(told)
    const payment = await paid(told, {
      amount: 640,
      customer: { name: 'Amina <i>Wanjiku</i>', email: 'amina@example.com' },
    })
    const page = await raw(pathOf(payment))
    assert.match(await page.text(), new RegExp(`href="${pathOf(payment)}/receipt"`))
    // It is issued now, though no sweep has run.
    const { to } = await open(`${pathOf(payment)}/receipt`)
    const receipt = await open(to!)
    assert.equal(receipt.status, 200)
    assert.match(receipt.text, /Receipt.*2026-000001.*Amina &lt;i&gt;Wanjiku.*0708 ••• 149/)
    assert.match((await open(`${to}&lang=sw`)).text, /Nambari ya risiti/)
    assert.match(receipt.headers.get('Content-Security-Policy')!, /default-src 'none'/)

    const { data } = (await told.call('GET', `/v1/receipts/${(await told.payment(payment.id)).receipt_id}`)).body
    const local = (url: string) => url.replace(told.context.config.publicUrl, '')
    assert.equal(local(data.url), to)
    const checked = await open(local(data.verify_url))
    assert.match(checked.text, /A receipt of a test.*Duka la Mfano.*2026-000001.*20 Nov 2026.*149/)
    assert.doesNotMatch(checked.text, new RegExp(`Amina|0708|${payment.provider_receipt}`))

    // The key of the check opens nothing else, and no other key opens anything.
    const verify = new URL(data.verify_url).searchParams.get('k')!
    for (const path of [
      to!.replace(/k=.*/, `k=${verify}`),
      to!.replace(/k=.*/, ''),
      local(data.verify_url).slice(0, -1),
    ])
      assert.equal((await open(path)).status, 404, path)
    assert.equal((await open(local(data.pdf_url).replace(/k=.*/, `k=${verify}`))).status, 404)
  }))

test('the PDF has its fonts in it, and whatever its payer and merchant write on it', () =>
  story({}, async (told) => {
    const { context } = told
    const lango = createLango({
      url: context.config.publicUrl,
      key: told.merchant.key,
      fetch: (url, init) => createNode(context).app.request(url, init),
    })
    const invoice = await invoiced(told, {
      lines: Array.from({ length: 60 }, (_, index) => ({
        description: `Kitabu cha ${index} (\\) %PDF`,
        unit_amount: 10,
      })),
    })
    const payment = await instalment(told, invoice, { phone: amina })
    await told.sweep('issue')
    const [receipt] = (await lango.receipts.list().page()).data
    const bytes = Buffer.from(await lango.receipts.pdf(receipt!.id, { lang: 'sw' }))
    assert.equal(receipt?.payment_id, payment.id)
    assert.equal(bytes.toString('latin1', 0, 5), '%PDF-')
    assert.ok(bytes.length < 80_000, `${bytes.length} bytes`)
    const text = bytes.toString('latin1')
    assert.match(text, /NotoSans-Regular/)
    assert.ok(text.match(/\/Type \/Page\b/g)!.length > 1)
    await assert.rejects(lango.receipts.pdf('rct_0'), { code: 'not_found' })
    await assert.rejects(lango.receipts.pdf(receipt!.id, { lang: 'fr' as 'sw' }), {
      code: 'invalid_request',
      message: /in en or sw/,
    })
  }))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { county } from '../../testing/county.ts'
import { invoiced, standOf } from '../../testing/invoices.ts'
import { payer } from '../../testing/payer.ts'
import { createNode } from '../node.ts'

const jane = { by: 'page', name: 'Jane  Doe', id_number: '11111111', seen: '0' }
const fine = { lines: [{ description: 'Overload fine', unit_amount: '1000' }], customer: { name: 'Jane Doe' } }
const pageOf = ({ url }: { url: string }) => new URL(url).pathname

test('an invoice is settled at eCitizen from its own page: one bill, however often it is asked for', () =>
  county({}, async (told) => {
    const { open, send, raw } = payer(told)
    const invoice = await invoiced(told, fine)
    const path = pageOf(invoice)
    assert.match((await open(path)).text, /Or pay at eCitizen.*Pay KSh 1,000 at eCitizen.*adds a fee of its own/)
    assert.match((await open(`${path}?lang=sw`)).text, /Au lipa kwenye eCitizen.*Lipa KSh 1,000 kwenye eCitizen/)
    const wrong = await send(path, { by: 'page', seen: '0' })
    assert.equal(wrong.status, 400)
    assert.match(wrong.text, /Write whom the bill is made out to.*Write the number of the ID card/)

    const begun = await send(path, jane)
    assert.equal(begun.status, 303)
    const [page, hash] = begun.to!.split('#')
    assert.equal(hash, 'pay')
    for (const seen of ['0', '1']) assert.equal((await send(path, { ...jane, seen })).to, begun.to)
    const [bill, ...more] = told.bills()
    assert.deepEqual(
      [bill!.payer.name, bill!.payer.id_number, bill!.net, more.length],
      ['Jane Doe', '11111111', 1000, 0],
    )
    assert.match((await open(path)).text, /A bill for this is open at eCitizen.*before you pay again/)
    assert.match((await open(page!)).text, /Pay at eCitizen.*eCitizen’s fee.*Open the payment page.*Check status/)

    const bytes = (await (await raw(page!, { 'Accept-Encoding': 'gzip' })).arrayBuffer()).byteLength
    assert.ok(bytes <= 14 * 1024, `${bytes} bytes`)

    // The payer asks; nothing has come. Then it is paid in two parts.
    await told.advance('15 s')
    assert.equal((await send(`${page}/check`, {})).to, page)
    assert.match((await open(page!)).text, /Looking for your payment/)
    await told.sweep('checks')
    assert.match((await open(page!)).text, /Asked at \d\d:\d\d:\d\d: no payment so far/)
    await told.payAtPaybill(400, bill!.invoice_number)
    await told.advance('15 s')
    await send(`${page}/check`, {})
    await told.sweep('checks')
    assert.match((await open(page!)).text, /A part of it has come.*Left to pay/)
    assert.equal(
      (await send(path, { ...jane, id_number: '2', seen: '9' })).to,
      begun.to,
      'the rest is owed on that bill',
    )
    await told.payAtPaybill(bill!.net + bill!.commission - 400, bill!.invoice_number)
    await told.advance('30 s')
    await told.sweep('checks')
    assert.match((await open(page!)).text, /Paid. Asante!.*UKK\w{7}.*Receipt/)
    assert.equal(await standOf(told, invoice), 'paid 1000 0 0')
    assert.match((await open(path)).text, /Paid in full/)
  }))

test('an invoice of eCitizen asks for no phone, takes cents in parts, and makes no bills without end', () =>
  county({}, async (told) => {
    const { open, send } = payer(told)
    const invoice = await invoiced(told, { ...fine, provider: 'pesaflow', instalments: true })
    const path = pageOf(invoice)
    const { text } = await open(path)
    assert.match(text, /How much, in shillings.*Your name.*Pay at eCitizen/)
    assert.doesNotMatch(text, /M-PESA|Pay Bill/)
    for (const amount of ['0', '0.50', '1000.01', 'lots', ''])
      assert.equal((await send(path, { ...jane, amount })).status, 400, amount)
    const statuses: number[] = []
    for (const amount of ['100', '100.25', '101', '102', '103', '104'])
      statuses.push((await send(path, { ...jane, amount, seen: amount })).status)
    assert.deepEqual(statuses, [303, 303, 303, 303, 303, 429])
    assert.deepEqual(
      told
        .bills()
        .map(({ net }) => net)
        .sort(),
      [100, 100.25, 101, 102, 103],
    )
    const noBill = await invoiced(told, { ...fine, provider: 'pesaflow' })
    await told.call('POST', `/v1/invoices/${noBill.id}/void`)
    assert.match((await open(pageOf(noBill))).text, /was cancelled/)
  }))

test('the provider’s page is framed only where it says that it may be, and who comes back in the frame is told there', () =>
  county({}, async (told) => {
    const { app } = createNode(told.context)
    const { id } = await told.bill()
    const framed = async () => (await (await app.request(`/pay/${id}/frame`)).json()).framed
    assert.equal(await framed(), true)
    assert.equal(await framed(), false, 'eCitizen is not asked for whoever repeats it.')
    await told.advance('1 second')
    assert.equal(await framed(), true)
    await told.advance('1 second')
    told.simulator.settings.set({ pesaflow_framing: false })
    assert.equal(await framed(), false)
    const policy = (await app.request(`/pay/${id}`)).headers.get('Content-Security-Policy')!
    assert.match(policy, /frame-src 'self' http:\/\/daraja\.test; frame-ancestors 'none'/)
    const asked = await told.pay()
    assert.equal(await (await app.request(`/pay/${asked.id}/frame`)).text(), '{"framed":false}')
    assert.doesNotMatch((await app.request(`/pay/${asked.id}`)).headers.get('Content-Security-Policy')!, /frame-src/)

    const back = new URL(told.bills()[0]!.return_urls.success)
    const inFrame = await app.request(back.pathname + back.search, { headers: { 'Sec-Fetch-Dest': 'iframe' } })
    assert.equal(inFrame.status, 200)
    assert.match(inFrame.headers.get('Content-Security-Policy')!, /frame-ancestors 'self'/)
    assert.equal(inFrame.headers.get('X-Frame-Options'), 'SAMEORIGIN')
    assert.match(await inFrame.text(), /Looking for your payment/)
  }))

const linked = async ({ call }: { call: (...given: any[]) => Promise<any> }, over: object): Promise<any> => {
  const made = await call('POST', '/v1/payment-links', { name: 'Parking', ...over })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.data
}

test('a link of eCitizen asks for no phone, and each payer has a bill of their own, once', () =>
  county({}, async (told) => {
    const { open, send } = payer(told)
    const link = await linked(told, { provider: 'pesaflow', amount: 300 })
    const path = pageOf(link)
    const { text } = await open(path)
    assert.match(text, /Pay KSh 300 at eCitizen/)
    assert.doesNotMatch(text, /M-PESA|by hand|I have paid/)
    const wrong = await send(path, { by: 'page', seen: '0' })
    assert.deepEqual([wrong.status, /Write whom the bill is made out to/.test(wrong.text)], [400, true])

    const begun = await send(path, jane)
    assert.match(begun.to!, /^\/pay\/pay_[0-9a-f]{32}#pay$/)
    for (const seen of ['0', '1']) assert.equal((await send(path, { ...jane, seen })).to, begun.to)
    const other = await send(path, { ...jane, name: 'John Doe', id_number: '22222222', seen: '1' })
    assert.notEqual(other.to, begun.to)
    assert.deepEqual(
      told.bills().map(({ payer: { name }, net }) => [name, net]),
      [
        ['Jane Doe', 300],
        ['John Doe', 300],
      ],
    )
    const [bill] = told.bills()
    await told.payAtPaybill(bill!.net + bill!.commission, bill!.invoice_number)
    await told.advance('30 s')
    await told.sweep('checks')
    const id = /pay_\w+/.exec(begun.to!)![0]
    const paid = (await told.call('GET', `/v1/payments/${id}`)).body.data
    assert.deepEqual([paid.status, paid.amount, paid.link_id], ['completed', '300.00', link.id])
    assert.equal((await told.call('GET', `/v1/payment-links/${link.id}`)).body.data.uses, 1)
  }))

test('a link of M-PESA offers eCitizen beside the prompt, and its payer writes how much where it has no amount', () =>
  county({}, async (told) => {
    const { open, send } = payer(told)
    const path = pageOf(await linked(told, {}))
    assert.match((await open(path)).text, /M-PESA phone number.*Or pay at eCitizen.*How much/s)
    const nothing = await send(path, jane)
    assert.deepEqual([nothing.status, /Write how much/.test(nothing.text)], [400, true])
    const begun = await send(path, { ...jane, amount: '1,250.75' })
    assert.equal(begun.status, 303)
    assert.deepEqual(
      told.bills().map(({ net }) => net),
      [1250.75],
    )
    // Made over and over, for one who never pays: somebody makes mischief.
    const many = []
    for (let index = 0; index < 8; index++)
      many.push((await send(path, { ...jane, amount: String(100 + index), seen: '1' })).status)
    assert.deepEqual([many.includes(429), told.bills().length], [true, 5])
  }))

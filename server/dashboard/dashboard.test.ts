import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '../database/sql.ts'
import { createMerchant } from '../merchants/merchant.ts'
import { createNode } from '../node.ts'
import { enable } from '../../testing/payouts.ts'
import { signInAs, storyPassword } from '../../testing/signed-in.ts'
import type { Person } from '../../testing/signed-in.ts'
import { textOf } from '../../testing/payer.ts'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

let told: Story
let owner: Person
let cashier: Person
let viewer: Person

before(async () => {
  told = await tell()
  owner = await signInAs(told, { role: 'owner', name: 'Amina' })
  cashier = await signInAs(told, { role: 'cashier' })
  viewer = await signInAs(told, { role: 'viewer' })
})

after(() => told.end())

const read = async (person: Person, path: string) => textOf((await person.get(path)).text)

/** A payment of this phone, as it is once the payer has done what they do. */
async function paid(input: Record<string, unknown> = {}, phone = '0712345678'): Promise<any> {
  const { id } = await told.pay({ phone, ...input })
  told.simulator.phones.get(phone).approve()
  return told.payment(id)
}

test('a business without payments is told the first steps, and one with some how today is', async () => {
  assert.match(await read(owner, '/'), /No payment yet.*Ask a phone to pay/)
  await paid({ amount: 1500, account_reference: 'INV-204' })
  await told.pay({ amount: 350, phone: '0799000120' })
  told.simulator.phones.get('0799000120').cancel()
  await told.simulator.settled()
  const today = await read(owner, '/')
  assert.match(today, /Collected KSh1,500/)
  assert.match(today, /Times paid 1 /)
  assert.match(today, /Paid when asked 50 %/)
  assert.match(today, /Why 1 did not pay Cancelled/)
  assert.match(await read(owner, '/?from=2026-11-01&until=2026-11-19'), /Collected KSh0/)
})

test('nobody sees what their role does not: a cashier no list and no sum, a viewer no whole phone and no refund', async () => {
  const { id } = await paid({ amount: 70, account_reference: 'ROLES' })
  assert.equal((await cashier.get('/')).to, '/cashier')
  for (const path of ['/payments', `/payments/${id}`, '/payments.csv', '/money-in', '/refunds', '/attention']) {
    assert.equal((await cashier.get(path)).status, 403, path)
  }
  const page = await viewer.get(`/payments/${id}`)
  assert.equal(page.status, 200)
  assert.doesNotMatch(page.text, /0712 345 678|Send it back/)
  assert.match(page.text, /0712 ••• 678/)
  assert.equal((await viewer.send(`/payments/${id}/refund`, { amount: '70' })).status, 403)
  assert.equal((await told.call('GET', '/v1/refunds')).body.data.length, 0)
})

test('who works at the shop reads why a payer did not pay, in words about the payer and not to them', async () => {
  const { id } = await told.pay({ amount: 360, phone: '0799000121', account_reference: 'NOT-PAID' })
  told.simulator.phones.get('0799000121').cancel()
  await told.simulator.settled()
  const page = await read(owner, `/payments/${id}`)
  assert.match(page, /Why not The payer pressed cancel, or let the prompt run out\./)
  assert.doesNotMatch(page, /You cancelled|your phone/)
  const { id: open } = await told.pay({ amount: 361, phone: undefined, account_reference: 'NOBODY-YET' })
  assert.match(await read(owner, `/payments/${open}`), /Nobody has paid yet for NOBODY-YET/)
})

test('who looks at real money sees nothing of tests: no ask, no money, nothing that needs a person, no account', async () => {
  const email = 'real@duka.example'
  const real = await signInAs(told, { role: 'owner', email, mode: 'live' })
  await told.call('POST', '/v1/mpesa/c2b/register', {})
  await told.simulator.phones.get('0733111022').pay({ shortcode: '174379', amount: 61, reference: 'STRAY' })
  await told.simulator.settled()
  await told.advance('4 minutes')
  assert.match(await read(owner, '/attention'), /STRAY/)
  await owner.get('/cashier')
  await owner.send('/cashier/ask', { amount: '62', phone: '0733111023' })
  assert.match(await read(owner, '/cashier'), /Ringing 0733 111 023/)
  for (const path of ['/attention', '/cashier', '/money-in', '/payments'])
    assert.doesNotMatch(await read(real, path), /STRAY|Ringing|paybill 174379/, path)
  assert.match(await read(real, '/attention'), /Nothing needs you/)
  assert.match(await read(real, '/cashier'), /There is no account with M-Pesa for this yet/)
})

test('nothing is made with a test account before somebody who looks at real money, and nothing typed is lost', async () => {
  await enable(told)
  const real = await signInAs(told, { role: 'owner', email: 'no-account@duka.example', mode: 'live' })
  const pages = ['/invoices/new', '/links/new', '/payouts/new', '/payouts/batches/new']
  for (const path of pages) assert.match(await read(real, path), /needs an account first.*Add an account/, path)
  const csv = 'phone,amount\n0712345678,63'
  const forms: [path: string, fields: Record<string, string>, kept: string][] = [
    ['/invoices', { 'what-1': 'Unga wa real', 'count-1': '1', 'price-1': '63' }, 'Unga wa real'],
    ['/links', { name: 'Sadaka ya real' }, 'Sadaka ya real'],
    ['/payouts', { kind: 'b2c', phone: '0712345678', amount: '63', remarks: 'Wages of real' }, 'Wages of real'],
    ['/payouts/batches/preview', { csv }, csv],
    ['/payouts/batches', { csv, password_again: storyPassword }, csv],
    ['/cashier/ask', { amount: '63', phone: '0712345678', what: 'REAL' }, 'REAL'],
    ['/reconciliation/run', {}, ''],
  ]
  for (const [path, fields, kept] of forms) {
    const { status, text } = await real.send(path, fields)
    assert.equal(status, 422, path)
    assert.match(textOf(text), /There is no account for this yet. An owner adds one under Keys &amp; accounts/, path)
    assert.ok(text.includes(kept), `${path} lost what was typed`)
  }
  const { id } = (await told.call('GET', '/v1/merchant/accounts')).body.data[0]
  assert.equal((await real.send('/links', { name: 'Of tests', account: id })).status, 422)
  for (const path of [
    '/v1/invoices',
    '/v1/payment-links',
    '/v1/payouts',
    '/v1/payouts/batches',
    '/v1/reconciliation/runs',
  ])
    assert.deepEqual((await told.call('GET', path)).body.data, [], path)
})

test('what a provider told is shown as it came, each line where it stood', async () => {
  const { id } = await paid({ amount: 362, account_reference: 'AS-IT-CAME' }, '0799000122')
  const { text } = await owner.get(`/payments/${id}`)
  assert.match(text, /<pre class="raw" tabindex="0">\{\n {2}&quot;Body&quot;: \{\n {4}&quot;stkCallback&quot;/)
})

test('the audit log says times of Nairobi, amounts and phones as people do, and leads to what was done', async () => {
  await enable(told)
  await told.call('POST', '/v1/payouts', { kind: 'b2c', phone: '0722600001', amount: 9000 })
  await told.call('POST', '/v1/reconciliation/mpesa/register', { nominated_number: '0722000000' })
  const run = await told.call('POST', '/v1/reconciliation/runs', {})
  assert.equal(run.status, 201, JSON.stringify(run.body))
  const log = await owner.get('/audit')
  const words = textOf(log.text)
  assert.match(words, /limit of a day: KSh 100,000/)
  assert.match(words, /to: a person · amount: KSh 9,000 · receiver: 0722 600 001 · waits for approval: no/)
  assert.match(words, /from: 20 Nov 2026, \d\d:\d\d · until: 20 Nov 2026, 14:3\d/)
  assert.doesNotMatch(words, /\dT\d\d:|254722600001|[a-z]_[a-z]|b2c/, 'nothing is said in words of the API')
  assert.match(log.text, new RegExp(`href="/reconciliation/${run.body.data.id}"[^>]*>The comparison</a>`))
  assert.match(await read(owner, `/reconciliation/${run.body.data.id}`), /20 Nov 2026, \d\d:\d\d – 14:3\d/)
})

test('a page that fails before it is known who asks says what to do, and may have its styles', async () => {
  const ends: [error: Error, status: number, said: RegExp][] = [
    [new Error('A bug.'), 500, /Something went wrong on our side If you sent a form, look whether it was done/],
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 503, /The database is away Nothing was lost/],
  ]
  for (const [error, status, said] of ends) {
    const fail = () => Promise.reject(error)
    const database = { ...told.context.database, query: fail, one: fail, maybe: fail, transaction: fail }
    const { app } = createNode({ ...told.context, database, gather: fail })
    const answer = await app.request('/payments', { headers: { Accept: 'text/html', ...owner.headers } })
    assert.equal(answer.status, status)
    assert.match(answer.headers.get('Content-Security-Policy')!, /style-src 'self'/)
    assert.match(textOf(await answer.text()), said)
  }
})

test('a payment of another business is not there', async () => {
  const other = await createMerchant(told.context, 'Duka Jingine')
  const stranger = await signInAs(told, { role: 'owner', email: 'other@duka.example', merchant_id: other.id })
  const { id } = await paid({ amount: 80, account_reference: 'THEIRS' })
  assert.equal((await stranger.get(`/payments/${id}`)).status, 404)
  assert.doesNotMatch(await read(stranger, '/payments'), /THEIRS/)
  assert.equal((await stranger.send(`/payments/${id}/check`)).status, 404)
})

test('payments are found by whatever of them one knows, and what is found can be downloaded, no more and no less', async () => {
  const { provider_receipt } = await paid({ amount: 2400, account_reference: 'FIND-ME' }, '0700555019')
  await told.pay({ amount: 9, phone: '0722000009', external_reference: '=1+1', account_reference: 'FORMULA' })
  await told.simulator.settled()
  for (const search of [provider_receipt.slice(0, 8), '0700555', 'find me']) {
    const found = await read(owner, `/payments?search=${encodeURIComponent(search)}`)
    assert.match(found, /FIND-ME/, search)
    assert.doesNotMatch(found, /INV-204/, search)
  }
  for (const list of ['/payments', '/invoices', '/refunds', '/audit']) {
    const { text } = await owner.get(`${list}?since=not-a-day&until=2030-01-01`)
    assert.match(textOf(text), /“not-a-day” is no day. A day is written as 2026-11-25/, list)
    assert.match(text, new RegExp(`href="${list}[?]until=2030-01-01"[^>]*>Show the list without it`), list)
  }
  const { text, headers } = await owner.get('/payments.csv?search=FIND-ME')
  assert.match(headers.get('Content-Disposition')!, /attachment; filename="payments-2026-11-20.csv"/)
  const [head, ...rows] = text.trim().split('\r\n')
  assert.match(head!, /^\uFEFF?Date \(Nairobi\),M-Pesa code,Status/)
  assert.equal(rows.length, 1)
  assert.match(
    rows[0]!,
    new RegExp(
      `^2026-11-20 14:3\\d:\\d\\d,${provider_receipt},Paid,2400.00,2400.00,,0.00,2400.00,FIND-ME,.*,paybill 174379,pay_`,
    ),
  )
  for (const [path, why] of [
    ['/payments.csv?since=not-a-day', /“not-a-day” is no day.*Back to the list/],
    ['/payments.csv?status=payed', /“payed” is none of what there is to choose from/],
    ['/invoices.csv?overdue=perhaps', /“perhaps” is none of what there is to choose from/],
  ] as const) {
    const refused = await owner.get(path)
    assert.equal(refused.status, 400, path)
    assert.match(textOf(refused.text), why)
    assert.equal(refused.headers.get('Content-Disposition'), null)
  }
  assert.match((await owner.get('/payments.csv?max_amount=9')).text, /,FORMULA,'=1\+1,/)
})

test('a refund says at the field what is wrong, keeps what was typed, and goes once however often it is sent', async () => {
  const { id } = await paid({ amount: 1000, account_reference: 'REFUND' })
  await owner.get(`/payments/${id}`)
  const wrong = await owner.send(`/payments/${id}/refund`, { amount: '5000', reason: 'Torn bag' })
  assert.equal(wrong.status, 409)
  assert.match(wrong.text, /id="refund-amount-wrong"[^>]*>[^<]*At most 1,000/)
  assert.match(wrong.text, /value="Torn bag"/)
  const none = await owner.send(`/payments/${id}/refund`, { amount: 'all of it' })
  assert.match(none.text, /id="refund-amount-wrong"[^>]*>An amount is a number of shillings/)
  const once = { amount: '400', reason: 'Torn bag' }
  const [first, second] = await Promise.all([
    owner.send(`/payments/${id}/refund`, once),
    owner.send(`/payments/${id}/refund`, once),
  ])
  assert.equal(first.to, `/payments/${id}?done=refunded`)
  assert.equal(second.to, first.to)
  await told.simulator.settled()
  const { body } = await told.call('GET', `/v1/refunds?payment_id=${id}`)
  assert.deepEqual(
    body.data.map(({ amount, origin, reason, status }: any) => [amount, origin, reason, status]),
    [['400.00', 'dashboard', 'Torn bag', 'completed']],
  )
  const page = await read(owner, `/payments/${id}?done=refunded`)
  assert.match(page, /Went back KSh 400.00 · Torn bag/)
  assert.match(page, /At most KSh 600/)
  assert.match(await read(owner, `/refunds/${body.data[0].id}`), /Refund asked for by Amina/)
})

test('money that nobody asked for is given to its payment, or noted; whoever comes second is told what the first did', async () => {
  await told.call('POST', '/v1/mpesa/c2b/register', {})
  const meant = await told.pay({ amount: 640, phone: undefined, account_reference: 'ORD-77' })
  const came = await told.simulator.phones
    .get('0733111019')
    .pay({ shortcode: '174379', amount: 640, reference: 'ord 7' })
  await told.simulator.settled()
  assert.ok(came.status === 'paid')
  assert.match(await read(owner, '/attention'), /wrote “ord 7”, which matches nothing/)
  assert.match(await read(owner, `/money-in/${came.receipt}`), /Whose is it\?.*ORD-77 ?KSh 640/)
  const given = await owner.send(`/money-in/${came.receipt}/assign`, { payment: meant.id })
  assert.equal(given.to, `/payments/${meant.id}?done=assigned`)
  assert.equal((await told.payment(meant.id)).status, 'completed')
  await owner.get(`/money-in/${came.receipt}`)
  const late = await owner.send(`/money-in/${came.receipt}/assign`, {
    payment: (await told.pay({ amount: 640, phone: '0722000010' })).id,
  })
  assert.equal(late.status, 409)
  assert.match(textOf(late.text), /Amina gave it to its payment, just now/)

  const flagged = await paid({ amount: 90, account_reference: 'TWICE' })
  await told.context.database.query(
    sql`update payments set needs_attention = '{paid_twice}', attention_since = ${told.clock.now()} where provider_receipt = ${flagged.provider_receipt}`,
  )
  assert.match(
    await read(owner, `/attention?open=${flagged.id}`),
    /TWICE was paid by this attempt.*What came of KSh 90\?/,
  )
  const empty = await owner.send(`/attention/${flagged.id}/resolve`, { note: ' ' })
  assert.match(empty.text, new RegExp(`id="note-${flagged.id}-wrong"`))
  assert.equal(
    (await owner.send(`/attention/${flagged.id}/resolve`, { note: 'Refunded in cash.' })).to,
    '/attention?done=resolved',
  )
  const second = await owner.send(`/attention/${flagged.id}/resolve`, { note: 'I think so too.' })
  assert.equal(second.status, 409)
  assert.match(textOf(second.text), /Amina was faster, just now: “Refunded in cash.”/)
  assert.match(await read(owner, '/attention/decided'), /Refunded in cash. Amina, just now/)
})

test('a form of another site does nothing, and what is typed into any page stays text', async () => {
  const { id } = await paid({ amount: 60, account_reference: 'SAFE', customer: { name: '<script>alert(1)</script>' } })
  assert.equal((await owner.send(`/payments/${id}/check`, { csrf: 'guessed' })).status, 403)
  assert.equal((await owner.send(`/payments/${id}/check`, {}, { 'Sec-Fetch-Site': 'cross-site' })).status, 403)
  for (const path of ['/', '/payments', `/payments/${id}`, '/payments?search=%3Cscript%3E'])
    assert.doesNotMatch((await owner.get(path)).text, /<script>/, path)
})

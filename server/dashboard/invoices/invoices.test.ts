import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { instalment, invoiced, standOf } from '../../../testing/invoices.ts'
import { lookAt, looks, pagesOf, plainScreens } from '../../../testing/pages.ts'
import type { Pages } from '../../../testing/pages.ts'
import { textOf } from '../../../testing/payer.ts'
import { signInAs, storyPassword } from '../../../testing/signed-in.ts'
import type { Person } from '../../../testing/signed-in.ts'
import { tell } from '../../../testing/story.ts'
import type { Story } from '../../../testing/story.ts'
import { parseId } from '../../id.ts'
import { approveOutsidePayment } from '../../outside/decide.ts'

let told: Story
let pages: Pages
let owner: Person

before(async () => {
  told = await tell()
  owner = await signInAs(told, { role: 'owner', name: 'Amina' })
  pages = await pagesOf(told.context)
})

after(async () => {
  await pages.close()
  await told.end()
})

const read = async (path: string) => textOf((await owner.get(path)).text)

test('an invoice that cannot be made says why at each field, keeps what was typed, and is made once however often it is sent', async () => {
  await owner.get('/invoices/new')
  const fees = { 'what-1': 'School fees', 'count-1': '2', 'price-1': '1,160', 'tax-1': '16', tax_included: 'yes' }
  const wrong = await owner.send('/invoices', {
    ...fees,
    'count-1': 'two',
    'price-2': '5',
    phone: '12',
    due_date: '2026-13-01',
  })
  assert.equal(wrong.status, 400)
  for (const [field, words] of [
    ['count-1', 'A quantity is a number'],
    ['what-2', 'Fill this in'],
    ['phone', 'Not a Kenyan mobile number'],
    ['due_date', 'A due date is a day of the calendar'],
  ])
    assert.match(wrong.text, new RegExp(`id="${field}-wrong"[^>]*>${words}`))
  assert.match(wrong.text, /name="what-1"[^>]*value="School fees"/)
  const none = await owner.send('/invoices', { name: 'Nobody' })
  assert.match(textOf(none.text), /An invoice has a line at least/)
  const large = await owner.send('/invoices', {
    'what-1': 'A plot',
    'price-1': '0.50',
    reference: 'far too long for it',
  })
  assert.match(large.text, /id="reference-wrong"|whole shillings/)

  const summed = await owner.send('/invoices/new', fees)
  assert.match(textOf(summed.text), /KSh 2,000\.00 and KSh 320\.00 VAT make KSh 2,320\.00/)
  const whole = {
    ...fees,
    name: 'Amina Wanjiku',
    phone: '0712 345 678',
    reference: 'FEES-3',
    instalments: 'yes',
    due_date: '2026-12-31',
  }
  const made = await owner.send('/invoices', whole)
  assert.match(made.to ?? textOf(made.text), /^\/invoices\/inv_[0-9a-f]{32}\?done=invoiced$/)
  const again = await owner.send('/invoices', whole)
  assert.equal(again.to, made.to)
  assert.equal((await told.call('GET', '/v1/invoices')).body.data.length, 1)
  await owner.get('/invoices/new')
  const taken = await owner.send('/invoices', whole)
  assert.match(taken.text, /id="reference-wrong"[^>]*>Another invoice has the reference &quot;FEES-3&quot;/)
})

test('an invoice is sent to its customer by mail, once however often one presses, and what it says is in the outbox', async () => {
  const { id } = await invoiced(told, { customer: { name: 'Amina', email: 'amina@example.com' } })
  const silent = await invoiced(told, { customer: { phone: '0712345678' } })
  assert.doesNotMatch(await read(`/invoices/${silent.id}`), /Send it by mail/)
  assert.match(await read(`/invoices/${id}`), /Send it by mail/)
  const sent = await owner.send(`/invoices/${id}/send`)
  assert.equal(sent.to, `/invoices/${id}?done=posted`)
  assert.equal((await owner.send(`/invoices/${id}/send`)).to, sent.to)
  await owner.get(`/invoices/${id}`)
  await owner.send(`/invoices/${id}/send`)
  const { text } = await owner.get('/outbox')
  assert.equal(text.split('amina@example.com').length, 2)
  const [path] = /\/outbox\/[0-9a-f-]{36}/.exec(text)!
  const letter = await owner.get(path)
  assert.match(letter.text, /<iframe[^>]*sandbox=""[^>]*src="[^"]*\/letter"/)
  assert.match(letter.headers.get('Content-Security-Policy')!, /frame-src 'self'/)
  const framed = await owner.get(`${path}/letter`)
  assert.match(framed.headers.get('Content-Security-Policy')!, /^sandbox; default-src 'none'/)
  assert.equal(framed.headers.get('X-Frame-Options'), 'SAMEORIGIN')
})

test('invoices are searched and narrowed, and the file has exactly those that are shown', async () => {
  const late = await invoiced(told, { reference: 'LATE-1', due_date: '2020-01-31', customer: { name: '=1+1' } })
  assert.match(await read('/invoices?overdue=true'), /Overdue.*LATE-1/)
  assert.doesNotMatch(await read('/invoices?overdue=true'), /FEES-3/)
  assert.match(await read('/invoices?search=fees'), /2,320\.00.*FEES-3/)
  assert.match(await read('/invoices?search=nothing'), /No invoice fits that/)
  const { text } = await owner.get('/invoices.csv?overdue=true')
  const [head, line, ...rest] = text.trim().split('\r\n')
  assert.match(head!, /Date \(Nairobi\),Reference,Status,Overdue/)
  assert.match(line!, /,LATE-1,Open,yes,4500\.00,0\.00,4500\.00,0\.00,4500\.00,0\.00,2020-01-31,,'?=1\+1,/)
  assert.deepEqual(rest, [])
  await owner.get(`/invoices/${late.id}`)
  assert.equal((await owner.send(`/invoices/${late.id}/void`)).to, `/invoices/${late.id}?done=voided`)
  assert.match(await read(`/invoices/${late.id}`), /Void.*Made by Amina|Void.*Made void by Amina/)
})

test('what is over is put to another invoice of the same customer', async () => {
  const first = await invoiced(told, { reference: 'CREDIT-1', instalments: true })
  const second = await invoiced(told, { reference: 'CREDIT-2', instalments: true })
  const [half, whole] = await Promise.all([
    told.call('POST', `/v1/invoices/${first.id}/settle`, { phone: '0722000401', amount: 3000 }),
    told.call('POST', `/v1/invoices/${first.id}/settle`, { phone: '0722000402', amount: 4500 }),
  ])
  assert.deepEqual([half.status, whole.status], [201, 201])
  for (const phone of ['0722000401', '0722000402']) told.simulator.phones.get(phone).approve()
  assert.equal(await standOf(told, first), 'overpaid 7500 0 3000')
  assert.match(await read(`/invoices/${first.id}`), /KSh 3,000 is the payer’s credit.*CREDIT-2/)
  const put = await owner.send(`/invoices/${first.id}/credit`, { to: second.id })
  assert.equal(put.to, `/invoices/${second.id}?done=credited`)
  assert.equal(await standOf(told, first), 'paid 4500 0 0')
  assert.equal(await standOf(told, second), 'part_paid 3000 1500 0')
  await owner.get(`/invoices/${second.id}`)
  const late = await owner.send(`/invoices/${first.id}/credit`, { to: second.id })
  assert.equal(late.status, 409)
})

for (const [index, [where, options]] of plainScreens.entries())
  test(`an invoice is made and seen paid, ${where}`, async () => {
    const { page, complaints } = await pages.visit('/invoices', { ...options, ...owner.browser })
    await page.getByRole('link', { name: 'Make an invoice' }).click()
    await page.getByLabel('What', { exact: true }).fill('Unga wa mahindi')
    await page.getByLabel('How many', { exact: true }).fill('10')
    await page.getByLabel('KSh each', { exact: true }).fill('190')
    await page.getByRole('button', { name: 'Add up, and more lines' }).click()
    await page.getByText('KSh 1,900.00').waitFor()
    await page.getByLabel('Name').fill('Amina Wanjiku')
    await page.getByLabel('M-PESA phone').fill('0712 345 678')
    await page.getByRole('button', { name: 'Make this invoice' }).dblclick()
    await page.getByText('Made. Send its link to who is to pay it.').waitFor()
    const url = await page.locator('.secret').textContent()
    const id = /inv_[0-9a-f]{32}/.exec(url!)![0]
    await instalment(told, { id }, { phone: `072200041${index}` })
    if (options.javaScriptEnabled === false) await page.reload()
    await page.locator('h1').getByText('Paid', { exact: true }).waitFor({ timeout: 3_000 })
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

test('what one of you records as paid elsewhere counts when another agrees, who types their password', async () => {
  const finance = await signInAs(told, { role: 'finance', name: 'Juma' })
  const viewer = await signInAs(told, { role: 'viewer', name: 'Zawadi' })
  const developer = await signInAs(told, { role: 'developer', name: 'Otieno' })
  const { id } = await invoiced(told, { reference: 'FINE-9' })
  const beside = await invoiced(told, { reference: 'FINE-10' })
  const page = `/invoices/${id}`
  const said = { amount: '4500', method: 'cash', alternate_reference: 'COUNTER 88', notes: 'Seen at the cash office.' }
  await finance.get(page)
  const silent = await finance.send(`${page}/outside-payments`, { ...said, notes: ' ' })
  assert.match(silent.text, /<details class="sure body"\s+open.*id="outside-notes-wrong"[^>]*>Fill this in/s)
  await finance.get(page)
  assert.equal((await finance.send(`${page}/outside-payments`, said)).to, `${page}?done=recorded`)
  await finance.get(`/invoices/${beside.id}`)
  await finance.send(`/invoices/${beside.id}/outside-payments`, { ...said, alternate_reference: 'counter-88' })

  const own = (await finance.get(page)).text
  const [outside] = /out_[0-9a-f]{32}/.exec(own)!
  const decisions = `/outside-payments/${outside}`
  assert.match(textOf(own), /Another of you must agree.*as you recorded.*Seen at the cash office/)
  assert.doesNotMatch(own, /I agree/)
  const confirmed = await finance.send(`${decisions}/approve`, { password_again: storyPassword })
  assert.deepEqual([confirmed.status, /You recorded this/.test(confirmed.text)], [403, true])
  assert.doesNotMatch((await developer.get(page)).text, /I agree/)
  assert.equal((await developer.send(`${decisions}/approve`)).status, 403)
  assert.equal((await viewer.send(`${decisions}/reject`)).status, 403)

  assert.match(await read('/attention'), /A second look.*COUNTER 88.*Look at it/)
  assert.equal((await owner.get(decisions)).to, `${page}#${outside}`)
  const seen = await read(page)
  assert.match(seen, /It waits for your second look.*says Juma.*named for FINE-10/)
  assert.match(
    textOf((await owner.send(`${decisions}/approve`, { password_again: 'wrong' })).text),
    /not your password/,
  )
  await owner.get(page)
  const agreed = await owner.send(`${decisions}/approve`, { password_again: storyPassword })
  assert.equal(agreed.to, `${page}?done=agreed`)
  assert.equal(await standOf(told, { id }), 'paid 4500 0 0')
  assert.match(await read(page), /of it elsewhere.*4,500.*Recorded by Juma, agreed by Amina.*It was not paid after all/)
  assert.match(textOf((await owner.get(`/pay/${id}`)).text), /Paid elsewhere, says/)

  await owner.get(page)
  const withdrawn = await owner.send(`${decisions}/withdraw`, { notes: 'Counted twice.' })
  assert.equal(withdrawn.to, `${page}?done=withdrawn`)
  assert.match(await read(page), /Withdrawn.*withdrawn by Amina: “Counted twice.”/)
  assert.equal(await standOf(told, { id }), 'open 0 4500 0')
})

test('what was paid elsewhere fits a phone and a desk, and bars nobody, recorded, seen by the second and agreed', async () => {
  const { id } = await invoiced(told, { reference: 'FINE-11', instalments: true })
  const finance = await signInAs(told, { role: 'finance', name: 'Wanjiru', email: 'wanjiru@duka.example' })
  const say = (said: object) => told.call('POST', `/v1/invoices/${id}/outside-payments`, said)
  const slip = { method: 'ecitizen', alternate_reference: 'QWERTZ', notes: 'Paid at the counter of the county.' }
  const first = (await say({ ...slip, amount: 1000 })).body.data
  const auditor = { ...told.context, actor: 'user:auditor', person: 'user:auditor' }
  await approveOutsidePayment(auditor, { merchant_id: told.merchant.id, id: parseId('out', first.id)! })
  await say({ ...slip, alternate_reference: 'KCB 0093817', amount: 500 })
  const at = looks.filter(({ locale, width }) => locale === 'en-KE' || width === 390)
  await lookAt(pages, { path: `/invoices/${id}`, name: 'paid-elsewhere', as: finance.browser, at }, async (page) => {
    const form = page.locator('#elsewhere > details')
    if ((await form.getAttribute('open')) === null) await form.locator('summary').click()
  })
  await lookAt(pages, { path: '/attention', name: 'second-look', as: finance.browser, at })
  await lookAt(pages, { path: `/pay/${id}`, name: 'payer-elsewhere', at })
})

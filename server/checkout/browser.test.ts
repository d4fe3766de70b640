import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { barriers, pagesOf } from '../../testing/pages.ts'
import type { Pages } from '../../testing/pages.ts'
import { pathOf } from '../../testing/payer.ts'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

const order = { amount: 1500, account_reference: 'INV-204', description: 'Unga, sukari, chai' }

let told: Story
let pages: Pages

before(async () => {
  told = await tell()
  pages = await pagesOf(told.context)
})

after(async () => {
  await pages.close()
  await told.end()
})

test('in a browser the page goes from the phone number to the receipt, the last step without a reload', async () => {
  const { page, complaints } = await pages.visit(pathOf(await told.pay({ ...order, phone: undefined })))
  await page.getByLabel('M-PESA phone number').fill('0722 000 101')
  await page.getByRole('button', { name: 'Pay KSh 1,500 with M-PESA' }).click()
  await page.getByRole('heading', { name: 'Check your phone' }).waitFor()
  await page.evaluate('window.isSamePage = true')

  const { receipt } = told.simulator.phones.get('0722000101').approve()
  await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  await page.getByText(receipt!).waitFor()
  assert.equal(await page.evaluate('window.isSamePage'), true)
  assert.equal(await page.title(), 'Paid. Asante! · Duka la Mfano')
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('in a browser without JavaScript the same can be done', async () => {
  const { page } = await pages.visit(pathOf(await told.pay({ ...order, phone: undefined })), {
    javaScriptEnabled: false,
  })
  await page.getByLabel('M-PESA phone number').fill('0722 000 102')
  await page.getByRole('button', { name: /^Pay/ }).click()
  await page.getByRole('heading', { name: 'Check your phone' }).waitFor()
  told.simulator.phones.get('0722000102').approve()
  await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  await page.context().close()
})

test('in a browser a page that is refused its news stays, until there is one in its place', async () => {
  const { page } = await pages.visit(pathOf(await told.pay({ ...order, phone: '0722000119' })))
  let isAway = true
  let refused = 0
  await page.route('**/*', (route) => {
    const kind = route.request().resourceType()
    if (!isAway || kind === 'document') return route.continue()
    if (kind === 'fetch') refused++
    return route.fulfill({ status: 502, body: 'Bad gateway' })
  })
  await page.reload()
  await page.waitForResponse((answer) => answer.request().resourceType() === 'fetch')
  assert.equal(refused, 1)
  assert.ok(await page.getByRole('heading', { name: 'Check your phone' }).isVisible())
  const openedAnew = page.waitForEvent('load')
  isAway = false
  told.simulator.phones.get('0722000119').approve()
  await openedAnew
  await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  await page.context().close()
})

test('in a browser a cancelled payment can be tried again', async () => {
  const { page, complaints } = await pages.visit(pathOf(await told.pay({ ...order, phone: '0722000103' })))
  const phone = told.simulator.phones.get('0722000103')
  phone.cancel()
  await page.getByRole('button', { name: 'Try again on 0722 ••• 103' }).click()
  await page.getByRole('heading', { name: 'Check your phone' }).waitFor()
  phone.approve()
  await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('what is being typed and what is folded out stay while the page changes under them', async () => {
  const { page } = await pages.visit(pathOf(await told.pay({ ...order, phone: '0722000104' })))
  await page.getByText('Or pay by hand').click()
  const change = page.getByText('Nothing came?')
  await told.clock.advance('46 seconds')
  await change.waitFor()
  assert.equal(await page.getByRole('link', { name: 'I have paid' }).isVisible(), true)
  await page.getByRole('link', { name: 'I have paid' }).click()
  await page.getByLabel('The code in the SMS').fill('UKK7X2')
  told.simulator.phones.get('0722000104').approve()
  await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  await page.context().close()
})

for (const javaScriptEnabled of [true, false]) {
  test(`whoever paid by hand under a wrong reference shows the code${javaScriptEnabled ? '' : ', without JavaScript'}`, async () => {
    await told.call('POST', '/v1/mpesa/c2b/register', {})
    const payment = await told.pay({ ...order, account_reference: `WALKIN ${javaScriptEnabled}`, phone: undefined })
    const paid = await told.simulator.phones
      .get('0722000105')
      .pay({ shortcode: '174379', amount: 1500, reference: 'OOPS' })
    await told.simulator.settled()
    assert.ok(paid.status === 'paid')
    const { page } = await pages.visit(pathOf(payment), { javaScriptEnabled })
    await page.getByText('Or pay by hand').click()
    await page.getByRole('link', { name: 'I have paid' }).click()
    await page.getByRole('button', { name: 'Look for my payment' }).click()
    await page.getByText('Write the code of the SMS.').waitFor()
    await page.getByLabel('The code in the SMS').fill(`${paid.receipt.toLowerCase()} Confirmed. Ksh1,500.00 sent`)
    await page.getByRole('button', { name: 'Look for my payment' }).click()
    await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
    await page.context().close()
  })
}

test('a payment by hand turns the page that asks for a phone to paid', async () => {
  await told.call('POST', '/v1/mpesa/c2b/register', {})
  const { page } = await pages.visit(
    pathOf(await told.pay({ ...order, account_reference: 'BY-HAND', phone: undefined })),
  )
  await told.simulator.phones.get('0722000106').pay({ shortcode: '174379', amount: 1500, reference: 'BY-HAND' })
  await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  await page.context().close()
})

test('a paid page prints as a ticket: no way to other pages, and nothing cut off', async () => {
  const payment = await told.pay({ ...order, phone: '0722000107', return_url: 'https://duka.example/' })
  told.simulator.phones.get('0722000107').approve()
  await told.simulator.settled()
  const { page } = await pages.visit(pathOf(payment))
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.getByText('Kiswahili').isVisible(), false)
  assert.equal(await page.getByText('Back to Duka la Mfano').isVisible(), false)
  assert.equal(await page.getByText('Paid. Asante!').isVisible(), true)
  const pdf = await page.pdf({ format: 'A5' })
  assert.equal(pdf.toString('latin1').match(/\/Type ?\/Page\b/g)?.length, 1)
  const saved = await page.content()
  assert.doesNotMatch(
    saved,
    /<link rel="stylesheet"|<script[^>]* src=|data-events/,
    'A saved page is whole, and stays as it is.',
  )
  await page.context().close()
})

test('a number that is none is said at the field, announced, and kept; the field has the focus', async () => {
  const { page } = await pages.visit(pathOf(await told.pay({ ...order, account_reference: 'WRONG', phone: undefined })))
  await page.getByLabel('M-PESA phone number').fill('12345')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('This is not a Kenyan mobile number.').waitFor()
  const field = page.getByLabel('M-PESA phone number')
  assert.equal(await field.inputValue(), '12345')
  assert.equal(await field.getAttribute('aria-describedby'), await page.getByRole('alert').getAttribute('id'))
  await page.waitForFunction((input) => input === document.activeElement, await field.elementHandle())
  assert.deepEqual(await barriers(page), [])
  await page.context().close()
})

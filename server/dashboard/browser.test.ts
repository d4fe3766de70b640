import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { lookAt, pagesOf, papers, plainScreens, screens } from '../../testing/pages.ts'
import type { Pages } from '../../testing/pages.ts'
import { signInAs, storyPassword } from '../../testing/signed-in.ts'
import type { Person } from '../../testing/signed-in.ts'
import { storyCredentials, storyOperator, tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

let told: Story
let pages: Pages
let owner: Person
let cashier: Person

before(async () => {
  told = await tell()
  owner = await signInAs(told, { role: 'owner', name: 'Amina' })
  cashier = await signInAs(told, { role: 'cashier', name: 'Wanjiru' })
  await told.call('POST', '/v1/mpesa/c2b/register', {})
  pages = await pagesOf(told.context)
})

after(async () => {
  await pages.close()
  await told.end()
})

const desk = { viewport: { width: 1280, height: 800 } }

async function paid(input: Record<string, unknown> = {}): Promise<any> {
  const { id } = await told.pay(input)
  told.simulator.phones.get((input['phone'] as string | undefined) ?? '0712345678').approve()
  return told.payment(id)
}

for (const [index, [where, options]] of plainScreens.entries())
  test(`an owner finds a payment by its M-Pesa code and sends a part of it back, ${where}`, async () => {
    const isLive = options.javaScriptEnabled ?? true
    const { provider_receipt } = await paid({
      amount: 1500,
      phone: `072200021${index}`,
      account_reference: `FIND ${index}`,
    })
    await paid({ amount: 90, phone: `072200031${index}`, account_reference: 'OTHER' })
    const { page, complaints } = await pages.visit('/payments', { ...options, ...owner.browser })
    await page.getByLabel('Search payments').pressSequentially(provider_receipt.toLowerCase())
    if (!isLive) await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByRole('table').getByText('90.00').first().waitFor({ state: 'detached' })
    assert.match(page.url(), new RegExp(`search=${provider_receipt.toLowerCase()}`))
    await page.getByRole('link', { name: '1,500.00' }).click()
    await page.getByText('What we know, and how').waitFor()
    await page.getByLabel('How much goes back').fill('4000')
    await page.getByRole('button', { name: 'Send it back' }).click()
    await page.getByRole('alert').getByText('At most 1,500.00 shillings').waitFor()
    await page.getByLabel('How much goes back').fill('400')
    await page.getByLabel('Why').fill('Torn bag')
    await page.getByRole('button', { name: 'Send it back' }).click()
    await page.getByText('The refund is on its way').waitFor()
    await told.simulator.settled()
    if (!isLive) await page.reload()
    await page.getByText('Went back', { exact: true }).first().waitFor()
    assert.deepEqual(
      complaints.filter((text) => !/409/.test(text)),
      [],
    )
    await page.context().close()
  })

test('a search while there is no network says so, and is made by itself when there is one again', async () => {
  await paid({ amount: 611, phone: '0722000215', account_reference: 'NETWORK' })
  const { page, complaints } = await pages.visit('/payments', { ...desk, ...owner.browser })
  await page.context().setOffline(true)
  await page.getByLabel('Search payments').pressSequentially('network')
  await page.getByRole('alert').getByText('Lango cannot be reached').waitFor()
  assert.equal(await page.getByLabel('Search payments').inputValue(), 'network')
  await page.context().setOffline(false)
  await page.getByRole('alert').waitFor({ state: 'detached' })
  await page.waitForURL(/search=network/)
  await page.getByRole('table').getByText('611.00').waitFor()
  // The browser complains of the network, and nobody of a promise.
  assert.deepEqual(
    complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED')),
    [],
  )
  await page.context().close()
})

test('a page that is refused its news while a node starts anew keeps what is typed, and comes back by itself', async () => {
  const { page } = await pages.visit('/payments', { ...desk, ...owner.browser })
  let isAway = true
  await page.route('**/*', (route) =>
    isAway && ['eventsource', 'fetch'].includes(route.request().resourceType())
      ? route.fulfill({ status: 502, body: 'Bad gateway' })
      : route.continue(),
  )
  await page.reload()
  await page.evaluate('window.isSamePage = true')
  await page.getByLabel('Search payments').pressSequentially('half a wor')
  await page.getByRole('alert').getByText('Lango cannot be reached').waitFor()
  assert.equal(await page.getByLabel('Search payments').inputValue(), 'half a wor')
  assert.equal(await page.evaluate('window.isSamePage'), true)
  const openedAnew = page.waitForEvent('load')
  isAway = false
  await openedAnew
  await page.getByLabel('Search payments').waitFor()
  await page.context().close()
})

test('the overview shows what happens while one looks at it', async () => {
  const { page, complaints } = await pages.visit('/', { ...desk, ...owner.browser })
  await page.getByText('Collected by hour').waitFor()
  await page.evaluate('window.isSamePage = true')
  await paid({ amount: 77, phone: '0722000210', account_reference: 'LIVE-1' })
  await page.getByText('LIVE-1').first().waitFor({ timeout: 3_000 })
  assert.equal(await page.evaluate('window.isSamePage'), true)
  assert.deepEqual(complaints, [])
  await page.context().close()
})

for (const [index, [where, options]] of plainScreens.entries())
  test(`unmatched money is given to the payment that its customer meant, ${where}`, async () => {
    const meant = await told.pay({ amount: 320 + index, phone: undefined, account_reference: `INV-205${index}` })
    const wrote = `INV20S${index}`
    await told.simulator.phones.get('0733111019').pay({ shortcode: '174379', amount: 320 + index, reference: wrote })
    await told.simulator.settled()
    const { page } = await pages.visit('/attention', { ...options, ...owner.browser })
    const item = page.getByRole('listitem').filter({ hasText: wrote })
    await item.getByRole('link', { name: 'Choose…' }).click()
    await page.getByText(`INV-205${index}`).first().waitFor()
    await page.getByRole('button', { name: 'Give it to this payment' }).click()
    await page.getByText('The money has its payment.').waitFor()
    assert.equal((await told.payment(meant.id)).status, 'completed')
    await page.context().close()
  })

for (const [where, options] of screens)
  test(`a statement is loaded as CSV and as XLSX, looked at, and compared while one watches, ${where}`, async () => {
    await paid({ amount: options.viewport!.width, phone: '0722000220', account_reference: 'STATEMENT' })
    const { page, complaints } = await pages.visit('/reconciliation', { ...options, ...owner.browser })
    for (const name of ['statement.csv', 'statement.xlsx']) {
      const file = await told.simulator.fetch(new Request(`http://daraja.test/_/${name}`))
      const buffer = Buffer.from(await file.arrayBuffer())
      await page.goto(`${pages.address}/reconciliation`)
      await page
        .getByLabel('The CSV or XLSX')
        .setInputFiles({ name, mimeType: file.headers.get('Content-Type')!, buffer })
      await page.getByRole('button', { name: 'Look at it first' }).click()
      await page.getByText('Nothing is done yet').waitFor()
      await page.getByRole('button', { name: 'Compare it with the books' }).click()
      await page.getByText('A statement, compared by Amina').waitFor()
      await page.locator('h1').getByText('Agrees').waitFor()
    }
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

test('a cashier takes a till payment as it arrives, while they type something else, and sees no sum', async () => {
  const { page, complaints } = await pages.visit('/cashier', cashier.browser)
  await page.getByLabel('How much').fill('640')
  await page.getByLabel('Customer’s M-PESA phone').pressSequentially('0700')
  const came = await told.simulator.phones
    .get('0799000120')
    .pay({ shortcode: '174379', amount: 1200, reference: 'counter' })
  await told.simulator.settled()
  assert.ok(came.status === 'paid')
  const line = page.locator(`#came-${came.receipt}`)
  await line.waitFor({ timeout: 1_500 })
  await page.keyboard.type('555019')
  assert.equal(await page.getByLabel('Customer’s M-PESA phone').inputValue(), '0700555019')
  assert.equal(await page.getByLabel('How much').inputValue(), '640')
  await line.getByRole('link', { name: 'This is theirs' }).click()
  await page.getByLabel('Or write what it is').or(page.getByLabel('Write what it is')).fill('ORD-8813')
  await page.getByRole('button', { name: 'This is theirs' }).click()
  await page.locator(`#came-${came.receipt}`).getByText('ORD-8813').waitFor()

  await page.getByLabel('How much').fill('640')
  await page.getByLabel('Customer’s M-PESA phone').fill('0700 555 019')
  await page.getByRole('button', { name: 'Ask for it' }).dblclick()
  await page.getByText('Ringing 0700 555 019…').waitFor()
  told.simulator.phones.get('0700555019').approve()
  await page.getByText('0700 555 019 paid').waitFor({ timeout: 3_000 })
  await page.getByLabel('The code in their SMS').fill(came.receipt)
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByRole('heading', { name: 'Already used' }).waitFor()
  await page.goto(`${pages.address}/`)
  assert.equal(new URL(page.url()).pathname, '/cashier')
  assert.equal(await page.getByText('Collected').count(), 0)
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('with several tills a cashier sees the money of all of them, and chooses into which a phone is to pay', async () => {
  const credentials = { ...storyCredentials, ...storyOperator }
  const made = await told.call('POST', '/v1/merchant/accounts', {
    name: 'Westlands',
    mpesa: { env: 'simulator', shortcode: '600111', ...credentials },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  await told.call('POST', '/v1/mpesa/c2b/register?account=Westlands', {})
  const { page, complaints } = await pages.visit('/cashier', { ...cashier.browser, javaScriptEnabled: false })
  await page.getByLabel('How much').fill('320')
  await page.getByLabel('Customer’s M-PESA phone').fill('0722000240')
  await page.getByLabel('Into').selectOption({ label: 'Westlands · paybill 600111' })
  await page.getByRole('button', { name: 'Ask for it' }).click()
  await page.getByText('Ringing 0722 000 240…').waitFor()
  told.simulator.phones.get('0722000240').approve()
  const came = await told.simulator.phones.get('0799000121').pay({ shortcode: '600111', amount: 75, reference: 'shop' })
  await told.simulator.settled()
  assert.ok(came.status === 'paid')
  await page.reload()
  await page.getByText('0722 000 240 paid').waitFor()
  await page.locator(`#came-${came.receipt}`).waitFor()
  const { body } = await told.call('GET', '/v1/payments?account=Westlands&phone=0722000240')
  assert.deepEqual(
    body.data.map(({ amount, status }: any) => [amount, status]),
    [['320.00', 'completed']],
  )
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('every page fits a phone and a desk, by day and by night, and bars nobody', async () => {
  const { id } = await paid({ amount: 8, phone: '0722000230', account_reference: 'LOOKS' })
  for (const [name, path] of Object.entries({
    overview: '/',
    payments: '/payments?min_amount=1',
    payment: `/payments/${id}`,
    attention: '/attention',
    money: '/money-in',
    refunds: '/refunds',
    payouts: '/payouts',
    batch: '/payouts/batches/new',
    'new-payout': '/payouts/new',
    invoices: '/invoices',
    'new-invoice': '/invoices/new',
    links: '/links',
    'new-link': '/links/new',
    receipts: '/receipt-book',
    outbox: '/outbox',
    reconcile: '/reconciliation',
    counter: '/cashier?code=UKK9Z0O1IL',
    decided: '/attention/decided',
    webhooks: '/webhooks',
    'new-endpoint': '/webhooks/new',
    developers: '/developers',
    'new-key': '/developers/keys/new',
    'new-account': '/developers/accounts/new',
    'new-ecitizen': '/developers/accounts/new?provider=pesaflow',
    team: '/team',
    settings: '/settings',
    audit: '/audit',
    account: '/account',
    lost: '/payments/nothing',
  }))
    await lookAt(pages, { path, name, at: papers, as: owner.browser })
})

test('who goes along a page by keyboard on a phone always sees where they are', async () => {
  const { page } = await pages.visit('/invoices/new', owner.browser)
  const passed: string[] = []
  const covered: string[] = []
  for (let at = await nextFocus(page); at; at = await nextFocus(page)) {
    passed.push(at.name)
    if (at.isCovered) covered.push(at.name)
  }
  assert.ok(passed.includes('Make this invoice'), passed.join(', '))
  assert.deepEqual(covered, [])
  await page.context().close()
})

test('on a phone each line of a new invoice says above its fields what they are', async () => {
  const { page } = await pages.visit('/invoices/new', owner.browser)
  const hidden = await page
    .locator('.lines .label')
    .evaluateAll((labels) =>
      labels.filter((label) => label.getBoundingClientRect().height < 10).map((label) => label.textContent),
    )
  assert.deepEqual(hidden, [])
  await page.context().close()
})

test('nothing is drawn below the counter’s form before whoever stands there has asked a phone', async () => {
  const { page } = await pages.visit('/cashier', owner.browser)
  assert.equal(await page.locator('#asks').evaluate((list) => list.getBoundingClientRect().height), 0)
  await page.context().close()
})

/** Goes on by one, and tells what has the focus then, if anything has, and whether something lies over it. */
async function nextFocus(page: Page): Promise<{ name: string; isCovered: boolean } | undefined> {
  await page.keyboard.press('Tab')
  return page.evaluate(() => {
    const focused = document.activeElement as HTMLElement
    if (focused === document.body) return undefined
    const { left, width, top, height } = focused.getBoundingClientRect()
    const above = document.elementFromPoint(left + width / 2, top + height / 2)
    return { name: focused.innerText || focused.outerHTML, isCovered: above?.closest('nav') !== focused.closest('nav') }
  })
}

for (const [where, options] of plainScreens)
  test(`whose session has ended signs in and is back where they were, ${where}`, async () => {
    const { page } = await pages.visit('/invoices/new?from=here', { ...options, ...owner.browser })
    await page.getByLabel('What', { exact: true }).fill('Unga')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Make this invoice' }).click()
    await page.getByLabel('E-mail').fill('owner@duka.example')
    await page.getByLabel('Password').fill(storyPassword)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${pages.address}/invoices/new?from=here`)
    await page.getByRole('heading', { name: 'Make an invoice' }).waitFor()
    await page.context().close()
  })

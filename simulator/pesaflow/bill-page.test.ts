import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../../testing/browser.ts'
import { serveSimulator } from '../serve.ts'
import type { Simulator } from '../simulator.ts'
import { submit, textOf } from '../testing/browser.ts'
import { bring, county, payFromMenu } from '../testing/county.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

const pathOf = (answer: Record<string, unknown>) => {
  const { pathname, search } = new URL(String(answer.invoice_link))
  return pathname + search
}

/** The page of a bill of 105, in a browser that is elsewhere once it leaves. Any error in its script fails the test. */
async function onBill(
  run: (stage: ReturnType<typeof county> & { page: Page; left: () => string[] }) => Promise<void>,
  { javaScriptEnabled = true, changes = {} as Record<string, string> } = {},
) {
  const place = county()
  const server = await serveSimulator(place.simulator, { port: 0 })
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled })
  const page = await context.newPage()
  const [errors, left]: [Error[], string[]] = [[], []]
  page.on('pageerror', (error) => errors.push(error))
  await page.route('https://county.example/**', (route) => {
    left.push(route.request().url())
    return route.fulfill({ body: 'Back at the county.' })
  })
  try {
    const { answer } = await bring(place.simulator, changes)
    await page.goto(server.url + pathOf(answer))
    await run({ ...place, page, left: () => left })
    assert.deepEqual(errors, [])
  } finally {
    await context.close()
    await server.close()
    place.simulator.close()
  }
}

const approve = (simulator: Simulator) => simulator.phones.get('0712345678').approve()

test('the payer sends the prompt, enters the PIN, sees the receipt and goes back', () =>
  onBill(async ({ simulator, page, left, told }) => {
    await page.getByText('KES 105.00').waitFor()
    await page.getByRole('button', { name: 'Send the prompt' }).click()
    await page.getByText('Check the phone').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Send the prompt' }).isDisabled(), true)
    approve(simulator)
    await page.getByText('Payment received').waitFor()
    const receipt = simulator.ledger.entries[0]?.receipt ?? ''
    await page.getByText(receipt).waitFor()
    await page.getByRole('link', { name: 'Complete' }).click()
    await page.getByText('Back at the county.').waitFor()
    const back = new URL(left()[0] ?? '')
    assert.equal(back.pathname, '/paid')
    assert.deepEqual(Object.fromEntries(back.searchParams), {
      invoiceNumber: simulator.pesaflow.bills()[0]?.invoice_number,
      paymentReference: receipt,
    })
    await simulator.settled()
    assert.equal(told().length, 1)
  }))

test('without any script a part is paid, and then the rest from the SIM menu', () =>
  onBill(
    async ({ simulator, page }) => {
      await page.getByLabel('Amount').fill('40')
      await page.getByRole('button', { name: 'Send the prompt' }).click()
      await page.getByText('Check the phone').waitFor()
      approve(simulator)
      await page.reload()
      await page.getByText('Paid so far').waitFor()
      assert.equal(await page.getByLabel('Amount').inputValue(), '65.00')
      const number = simulator.pesaflow.bills()[0]?.invoice_number ?? ''
      await page.getByText(`account no. ${number}, amount 65.00`).waitFor()
      await payFromMenu(simulator, 65, number)
      await page.reload()
      await page.getByText('Payment received').waitFor()
    },
    { javaScriptEnabled: false },
  ))

for (const [end, words, path, reason] of [
  ['cancels', 'The prompt was cancelled.', '/failed', 'cancelled'],
  ['lets the time pass', 'not answered in time', '/late', 'timed_out'],
] as const) {
  test(`a payer who ${end} is told so, and leaves without paying`, () =>
    onBill(async ({ simulator, clock, page, left }) => {
      await page.getByRole('button', { name: 'Send the prompt' }).click()
      await page.getByText('Check the phone').waitFor()
      if (reason === 'cancelled') simulator.phones.get('0712345678').cancel()
      else await clock.advance('61 s')
      await page.getByText(words).waitFor()
      await page.getByRole('link', { name: 'Leave without paying' }).click()
      await page.getByText('Back at the county.').waitFor()
      const back = new URL(left()[0] ?? '')
      assert.deepEqual([back.pathname, back.searchParams.get('reason')], [path, reason])
    }))
}

test('a phone and an amount that are none are refused at the form, and stay there', async () => {
  const { simulator } = county()
  const path = pathOf((await bring(simulator)).answer)
  for (const [fields, words] of [
    [{ msisdn: '12', amount: '105' }, 'no Kenyan mobile number'],
    [{ msisdn: '0712345678', amount: '0' }, 'at most 105.00'],
    [{ msisdn: '0712345678', amount: '106' }, 'at most 105.00'],
  ] as const) {
    const response = await submit(simulator, path, fields)
    const text = await response.text()
    assert.equal(response.status, 400)
    assert.ok(text.includes(words), words)
    assert.ok(text.includes(`value="${fields.amount}"`))
  }
  assert.equal((await submit(simulator, path, { msisdn: '0712345678', amount: '105' })).status, 303)
  assert.match(
    await (await submit(simulator, path, { msisdn: '0712345678', amount: '5' })).text(),
    /on its way already/,
  )
  assert.equal(simulator.prompts().length, 1)
})

test('a page that nobody was given does not exist', async () => {
  const { simulator } = county()
  for (const path of ['/checkout', '/checkout?request_id=x', '/checkout/live?request_id=x'])
    assert.equal((await simulator.fetch(path)).status, 404)
})

test('a browser that posts the form gets the page itself', async () => {
  const { simulator } = county()
  const { status, text } = await bring(simulator, { format: 'iframe' })
  assert.equal(status, 200)
  assert.match(text, /Overload fine/)
})

test('the page may be framed, or not, as in production', async () => {
  const { simulator } = county()
  const { answer } = await bring(simulator)
  const framing = async () => (await simulator.fetch(pathOf(answer))).headers.get('X-Frame-Options')
  assert.equal(await framing(), null)
  simulator.settings.set({ pesaflow_framing: false })
  assert.equal(await framing(), 'DENY')
  assert.equal((await bring(simulator, { format: 'iframe' })).response.headers.get('X-Frame-Options'), 'DENY')
})

test('what a bill says is shown as text, and a script is no way back', async () => {
  const { simulator } = county()
  const script = '<script>alert(1)</script>'
  const { answer } = await bring(simulator, { billDesc: script, callBackURLOnFail: 'javascript:alert(1)' })
  const page = await textOf(simulator, pathOf(answer))
  assert.ok(!page.includes(script))
  assert.ok(!page.includes('javascript:'))
})

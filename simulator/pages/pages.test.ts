import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../../testing/browser.ts'
import { barriers, excessWidth, keepPicture, looks } from '../../testing/pages.ts'
import { serveSimulator } from '../serve.ts'
import { askToPay, query } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

type Stage = ReturnType<typeof merchant> & { page: Page; phone: (name: string) => ReturnType<Page['getByRole']> }

/** A page of a simulator on a port of its own. Any error in its script fails the test. */
async function onPage(path: string, run: (stage: Stage) => Promise<void>, { javaScriptEnabled = true } = {}) {
  const shop = merchant()
  const server = await serveSimulator(shop.simulator, { port: 0 })
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled })
  const page = await context.newPage()
  const errors: Error[] = []
  page.on('pageerror', (error) => errors.push(error))
  try {
    await page.goto(server.url + path)
    await run({ ...shop, page, phone: (name) => page.getByRole('article', { name: `Phone of ${name}` }) })
    assert.deepEqual(errors, [])
  } finally {
    await context.close()
    await server.close()
    shop.simulator.close()
  }
}

test('a prompt rings without a reload, takes the PIN, and the SMS arrives', () =>
  onPage('/phone', async ({ simulator, page, phone }) => {
    await page.evaluate(() => document.body.setAttribute('data-not-reloaded', ''))
    await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 1500, AccountReference: 'INV-204' })
    const amina = phone('Amina Hassan')
    await amina.getByText('Ringing').waitFor()
    assert.equal(await page.title(), '(1) Phones')
    await amina.getByLabel('Enter M-PESA PIN').fill('1234')
    await amina.getByRole('button', { name: 'Send' }).click()
    await amina.getByText('Ksh1,500.00 sent to Daraja-Sandbox for account INV-204').waitFor()
    await amina.getByText('Balance KSh 8,900.00').waitFor()
    assert.equal(await amina.getByRole('dialog').count(), 0)
    assert.equal(await page.locator('[data-not-reloaded]').count(), 1)
    assert.equal(await page.title(), 'Phones')
  }))

test('two phones side by side ring and pay at once, and neither disturbs the other’s typing', () =>
  onPage('/phone', async ({ simulator, page, phone }) => {
    const [amina, otieno] = [phone('Amina Hassan'), phone('Otieno Ouma')]
    await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 100 })
    await amina.getByLabel('Enter M-PESA PIN').pressSequentially('12')
    await askToPay(simulator, { PhoneNumber: '254799000120', Amount: 200 })
    await otieno.getByText('Ringing').waitFor()
    await page.keyboard.type('34')
    // Amina's own phone changes while she types, and her digits and the cursor stay.
    simulator.phones.set('0712345678', { balance: 5000 })
    await amina.getByText('Balance KSh 5,000.00').waitFor()
    assert.equal(await amina.getByLabel('Enter M-PESA PIN').inputValue(), '1234')
    await otieno.getByLabel('Enter M-PESA PIN').fill('1234')
    await amina.getByRole('button', { name: 'Send' }).click()
    await otieno.getByRole('button', { name: 'Send' }).click()
    await amina.getByText('Paid').waitFor()
    await otieno.getByText('Paid').waitFor()
    await simulator.settled()
    assert.deepEqual(
      simulator.ledger.entries.map(({ amount }) => amount),
      [100, 200],
    )
  }))

test('Enter sends the PIN, Cancel cancels', () =>
  onPage('/phone', async ({ simulator, page, phone, codes }) => {
    const amina = phone('Amina Hassan')
    await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 100 })
    await amina.getByLabel('Enter M-PESA PIN').fill('1234')
    await page.keyboard.press('Enter')
    await amina.getByText('Paid').waitFor()
    const { answer } = await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 200 })
    await amina.getByRole('button', { name: 'Cancel' }).click()
    await amina.getByText('You cancelled. Nothing was paid.').waitFor()
    await simulator.settled()
    assert.deepEqual(codes(), [0, 1032])
    assert.equal((await query(simulator, String(answer.CheckoutRequestID))).body.ResultCode, '1032')
  }))

test('a prompt that nobody answers goes away by itself, and the phone says so', () =>
  onPage('/phone', async ({ simulator, clock, phone }) => {
    const amina = phone('Amina Hassan')
    await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 100 })
    await amina.getByText('Answer before 20:16:05').waitFor()
    await clock.advance('1 minute')
    await amina.getByText('Time is up.').waitFor()
    await amina.getByText('Timed out, 20:16').waitFor()
  }))

for (const javaScriptEnabled of [true, false]) {
  test(`the SIM menu pays a paybill, ${javaScriptEnabled ? 'by keyboard' : 'without any script'}`, () =>
    onPage(
      '/phone',
      async ({ simulator, page, phone }) => {
        const otieno = phone('Otieno Ouma')
        await otieno.getByRole('button', { name: 'SIM menu' }).click()
        await otieno.getByRole('button', { name: 'Lipa na M-PESA' }).click()
        await otieno.getByRole('button', { name: 'Pay Bill' }).click()
        for (const [question, answer] of [
          ['Enter business no.', '174379'],
          ['Enter account no.', 'INV-7'],
          ['Enter amount', '70'],
          ['Enter M-PESA PIN', '1234'],
        ] as const) {
          await otieno.getByLabel(question).waitFor()
          if (javaScriptEnabled) {
            await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement)
            await page.keyboard.type(answer)
            await page.keyboard.press('Enter')
          } else {
            await otieno.getByLabel(question).fill(answer)
            await otieno
              .getByRole('button', { name: /^(OK|Send)$/ })
              .last()
              .click()
          }
          await otieno.getByLabel(question).waitFor({ state: 'detached' })
        }
        await simulator.settled()
        if (!javaScriptEnabled) await page.reload()
        await otieno.getByText('Ksh70.00 sent to Daraja-Sandbox for account INV-7').waitFor()
      },
      { javaScriptEnabled },
    ))
}

test('an answer setting is chosen on the phone, and holds for the next prompt', () =>
  onPage('/phone', async ({ simulator, phone }) => {
    const otieno = phone('Otieno Ouma')
    await otieno.getByLabel('answers:').selectOption('cancels')
    await otieno.getByLabel('answers:').waitFor()
    while (simulator.phones.get('0799000120').auto !== 'cancel') await new Promise((turn) => setImmediate(turn))
    await askToPay(simulator, { PhoneNumber: '254799000120', Amount: 5 })
    await otieno.getByText('You cancelled, 20:15').waitFor()
  }))

test('a phone that is asked for the first time joins the shelf', () =>
  onPage('/phone', async ({ simulator, page }) => {
    await askToPay(simulator, { PhoneNumber: '254733111222', Amount: 5 })
    await page.getByRole('article').filter({ hasText: '0733 111 222' }).getByText('Ringing').waitFor()
  }))

test('the fault page sends a callback again, and the new one appears on top', () =>
  onPage('/faults', async ({ simulator, page, callbacks }) => {
    await page.getByText('Nothing yet.').waitFor()
    await askToPay(simulator)
    const rows = page.getByRole('list', { name: 'Newest first' }).getByRole('listitem')
    await rows.first().getByRole('button', { name: 'Send again' }).click()
    await rows.nth(3).waitFor()
    await simulator.settled()
    assert.equal(callbacks().length, 2)
    await rows.first().getByText('200').waitFor()
    assert.equal(await page.getByText('Nothing yet.').isVisible(), false)
  }))

test('a line that is folded out stays so while its callback is dropped', () =>
  onPage('/faults', async ({ simulator, page }) => {
    simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'late_callback', probability: 1 }] })
    await askToPay(simulator)
    const row = page.getByRole('listitem').filter({ hasText: 'Held until' })
    await row.locator('summary').click()
    await row.getByText('CheckoutRequestID').waitFor()
    await row.getByRole('button', { name: 'Drop' }).click()
    const dropped = page.getByRole('listitem').filter({ hasText: 'Dropped' })
    await dropped.waitFor()
    assert.equal(await dropped.getByText('CheckoutRequestID').isVisible(), true)
  }))

for (const path of ['/', '/phone', '/faults']) {
  test(`${path} fits every screen and bars nobody, with a phone that rings and a full log`, () =>
    onPage(path, async ({ simulator, page }) => {
      simulator.phones.set('0733111222', { name: 'Nyambura wa Kamau-Mwangi' })
      simulator.faults.set({ rules: [{ api: '*', msisdn: '0712345678', fault: 'late_callback', probability: 1 }] })
      await askToPay(simulator, {
        PhoneNumber: '254712345678',
        Amount: 250000,
        AccountReference: 'A-LONG-REFERENCE-123',
      })
      simulator.phones.get('0712345678').approve()
      await askToPay(simulator, { PhoneNumber: '254799000120', Amount: 80, AccountReference: 'ORD-1' })
      simulator.phones.get('0799000120').cancel()
      await askToPay(simulator, { PhoneNumber: '254733111222', Amount: 1500, AccountReference: 'INV-204' })
      for (const { width, height, colorScheme } of looks) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.reload()
        const where = `simulator${path.replace('/', '-')}-${width}-${colorScheme}`
        assert.equal(await excessWidth(page), 0, where)
        assert.deepEqual(await barriers(page), [], where)
        await keepPicture(page, where)
      }
    }))
}

for (const width of [390, 1280]) {
  test(`in a window ${width} wide the phone that rings is the one that is shown, wherever it stands`, () =>
    onPage('/phone', async ({ simulator, page, phone }) => {
      await page.setViewportSize({ width, height: 760 })
      for (let line = 1; line <= 6; line++) simulator.phones.set(`073311122${line}`, { name: `Njeri ${line}` })
      await askToPay(simulator, { PhoneNumber: '254733111226', Amount: 5 })
      const last = phone('Njeri 6')
      await last.getByText('Ringing').waitFor()
      await inView(last.getByRole('dialog'))
      await page.reload()
      await inView(last.getByRole('dialog'))
      await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 5 })
      await inView(phone('Amina Hassan').getByRole('dialog'))
    }))
}

test('a phone that begins to ring does not move another away at which somebody types', () =>
  onPage('/phone', async ({ simulator, page, phone }) => {
    await page.setViewportSize({ width: 390, height: 760 })
    await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 5 })
    const amina = phone('Amina Hassan')
    await amina.getByLabel('Enter M-PESA PIN').pressSequentially('12')
    await askToPay(simulator, { PhoneNumber: '254799000120', Amount: 5 })
    await page.getByRole('link', { name: 'Otieno Ouma Ringing' }).waitFor()
    await inView(amina.getByRole('dialog'))
    await page.keyboard.type('34')
    assert.equal(await amina.getByLabel('Enter M-PESA PIN').inputValue(), '1234')
  }))

test('five phones stand in one row on a desk', () =>
  onPage('/phone', async ({ simulator, page }) => {
    await page.setViewportSize({ width: 1280, height: 900 })
    simulator.phones.set('0733111222', { name: 'Njeri Mwangi' })
    await page.getByRole('article').nth(4).waitFor()
    const tops = await page
      .getByRole('article')
      .evaluateAll((phones) => phones.map((one) => one.getBoundingClientRect().top))
    assert.equal(new Set(tops).size, 1, tops.join())
  }))

/** Waits until a part stands in the window, whole. */
async function inView(part: ReturnType<Page['getByRole']>): Promise<void> {
  await part.waitFor()
  await part.page().waitForFunction(
    (element) => {
      const { left, right, top, bottom } = element!.getBoundingClientRect()
      return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight
    },
    await part.elementHandle(),
  )
}

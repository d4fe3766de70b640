import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { words as ofReceipts } from '../server/receipts/words.ts'
import { words as ofCheckout } from '../server/checkout/words.ts'
import { speaker } from '../server/web/language.ts'
import type { Language } from '../server/web/language.ts'
import { amina, invoiced, standOf } from './invoices.ts'
import { barriers, excessWidth, keepPicture } from './pages.ts'
import type { Look, Pages } from './pages.ts'
import { readQrOfPdf, readQrOfPicture } from './read-qr.ts'
import type { Story } from './story.ts'

const shortcode = '174379'

/** One payer with one browser, before the pages of one shop. */
export type Walk = {
  told: Story
  pages: Pages
  look: Look
  hasScripts: boolean
  /** Tells this walk from others at the same shop. */
  number: number
}

/** What a walk is made of: the browser, the words of its language, and a look at whatever page one has come to. */
type Steps = Walk & {
  page: Page
  say: ReturnType<typeof speaker<typeof ofCheckout>>
  /** Looks at the page: no wider than its window, nothing that bars anybody, and a picture where pictures are wanted. */
  see(name: string): Promise<void>
  /** What has changed by itself is seen by a browser without scripts when it asks again. */
  renew(): Promise<void>
  follow(name: string): Promise<void>
  goTo(url: string): Promise<void>
}

/** Opens a browser as a walk has it, walks, and holds that its scripts had nothing to complain of. */
export async function walkAs(walk: Walk, steps: (at: Steps) => Promise<void>): Promise<void> {
  const { pages, look, hasScripts, number } = walk
  const { width, height, colorScheme, locale } = look
  const { page, complaints } = await pages.visit('/pay/pay_0', {
    locale,
    colorScheme,
    viewport: { width, height },
    javaScriptEnabled: hasScripts,
    reducedMotion: 'reduce',
  })
  page.setDefaultTimeout(15_000)
  const language = locale.slice(0, 2) as Language
  await steps({
    ...walk,
    page,
    say: speaker(ofCheckout, language),
    async see(name) {
      const where = `${name}-${width}-${colorScheme}-${language}${hasScripts ? '' : '-plain'}`
      assert.equal(await excessWidth(page), 0, `${where} is wider than its window.`)
      if (hasScripts) assert.deepEqual(await barriers(page), [], where)
      await keepPicture(page, `walk-${number}-${where}`)
    },
    async renew() {
      await walk.told.simulator.settled()
      if (!hasScripts) await page.reload()
    },
    follow: (name) => page.getByRole('link', { name }).click(),
    async goTo(url) {
      await page.goto(pages.address + new URL(url).pathname + new URL(url).search)
    },
  })
  // Chromium complains of a form that was refused; that is what its page says itself.
  assert.deepEqual(
    complaints.filter((complaint) => !complaint.includes('status of 400')),
    [],
  )
  await page.context().close()
}

/**
 * An invoice is paid in two instalments on the phone, and the rest by paybill by hand, too much of it. Its receipt opens, also as a
 * PDF, and verifies; what is over is shown, and put to a second invoice.
 */
export async function payInvoiceInParts(at: Steps): Promise<void> {
  const { told, page, say, see, renew, goTo, number } = at
  const reference = `W-${number}`
  const invoice = await invoiced(told, { reference, instalments: true })
  await goTo(invoice.url)
  await see('invoice')
  for (const [index, amount] of ['2000', '1000'].entries())
    await payOnPhone(at, { amount, phone: `07222${String(number).padStart(3, '0')}0${index}` })
  await see('part-paid')
  await page.getByText(say('by_hand')).click()
  assert.ok(await page.locator('#by-hand').getByText(reference).isVisible())
  await see('by-hand')
  told.simulator.phones.set(amina, { balance: 100_000 })
  await told.simulator.phones.get(amina).pay({ shortcode, amount: 1700, reference: reference.toLowerCase() })
  await renew()
  await page.getByRole('heading', { name: say('invoice_paid') }).waitFor()
  await page.getByText('KSh 200').waitFor()
  await see('over')
  assert.equal(await standOf(told, invoice), 'overpaid 4700 0 200')
  const { provider_receipt } = await checkReceipt(at, invoice)
  await putCreditToSecond(at, provider_receipt)
  assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
}

async function payOnPhone(at: Steps, { amount, phone }: { amount: string; phone: string }): Promise<void> {
  const { told, page, say, see, renew, follow } = at
  await page.getByLabel(say('how_much')).fill(amount)
  await page.getByLabel(say('phone')).fill(phone)
  await page.getByRole('button', { name: say('pay_now') }).click()
  await page.getByRole('heading', { name: say('check_phone') }).waitFor()
  await see('wait')
  told.simulator.phones.get(phone).approve()
  await renew()
  await page.getByRole('heading', { name: say('paid') }).waitFor()
  await see('paid')
  await follow(say('see_invoice'))
  await page.getByText(say('paid_so_far')).waitFor()
}

/** The receipt of the last payment opens as a page and as a PDF, whose QR code leads to the check of it. */
async function checkReceipt({ told, pages, page, see, goTo, look }: Steps, { id }: { id: string }) {
  await told.sweep('issue')
  const [receipt] = (await told.call('GET', `/v1/receipts?invoice_id=${id}`)).body.data
  await goTo(receipt.url)
  await see('receipt')
  const { pathname, search } = new URL(receipt.pdf_url)
  const pdf = await page.request.get(pages.address + pathname + search)
  assert.equal(pdf.headers()['content-type'], 'application/pdf')
  assert.equal(readQrOfPdf(await pdf.body()), receipt.verify_url)
  await goTo(receipt.verify_url)
  const real = speaker(ofReceipts, look.locale.slice(0, 2) as Language)('real_test')
  await page.getByRole('heading', { name: real }).waitFor()
  await see('verify')
  return receipt
}

async function putCreditToSecond({ told, page, goTo, number }: Steps, receipt: string): Promise<void> {
  const second = await invoiced(told, { reference: `X-${number}`, instalments: true })
  const invoices = [{ invoice_id: second.id, amount: 200 }]
  const put = await told.call('POST', `/v1/money-in/${receipt}/assign`, { invoices })
  assert.equal(put.status, 200, JSON.stringify(put.body))
  await goTo(second.url)
  await page.getByText(receipt).waitFor()
  await page.getByText('KSh 4,300').first().waitFor()
}

/** The QR code of a link is read from the screen, and followed to a payment; and the code of that pays no invoice of another. */
export async function payAtQr({ told, pages, page, say, see, renew, goTo, hasScripts, number }: Steps): Promise<void> {
  const { body } = await told.call('POST', '/v1/payment-links', { name: `Sadaka ya Jumapili ${number}` })
  const link = body.data
  const reader = await pages.visit(new URL(link.qr_url).pathname, { viewport: { width: 400, height: 400 } })
  const picture = await reader.page.screenshot()
  await reader.page.goto(pages.address)
  const read = await readQrOfPicture(reader.page, picture)
  await reader.page.context().close()
  assert.equal(read, link.url)
  await goTo(read!)
  await see('link')
  const phone = `07222${String(number).padStart(3, '0')}09`
  await page.getByLabel(say('how_much')).fill('250')
  await page.getByLabel(say('phone')).fill(phone)
  await page.getByRole('button', { name: say('pay_now') }).click()
  await page.getByRole('heading', { name: say('check_phone') }).waitFor()
  const { receipt } = told.simulator.phones.get(phone).approve()
  await renew()
  await page.getByRole('heading', { name: say('paid') }).waitFor()
  await page.getByText(receipt!).waitFor()

  await nameCodes({ told, page, say, see, goTo, number, foreign: receipt!, hasScripts })
}

type Codes = Pick<Steps, 'told' | 'page' | 'say' | 'see' | 'goTo' | 'number' | 'hasScripts'> & { foreign: string }

/** *I have paid*, with the code of another payment, with what is no code, and with the right one. */
async function nameCodes({ told, page, say, see, goTo, number, foreign }: Codes): Promise<void> {
  const invoice = await invoiced(told, { reference: `Y-${number}`, instalments: true })
  told.simulator.phones.set(amina, { balance: 100_000 })
  const paid = await told.simulator.phones.get(amina).pay({ shortcode, amount: 500, reference: `KOSA ${number}` })
  await told.simulator.settled()
  assert.ok(paid.status === 'paid')
  await goTo(invoice.url)
  await page.getByRole('link', { name: say('have_paid') }).click()
  const send = async (code: string) => {
    await page.getByLabel(say('code_label')).fill(code)
    await page.getByRole('button', { name: say('code_send') }).click()
  }
  await send('nimelipa')
  await page.getByText(say('code_wrong')).waitFor()
  await see('code-wrong')
  await send(foreign)
  await page.getByText(say('code_taken', { code: foreign })).waitFor()
  await see('code-foreign')
  assert.doesNotMatch((await page.textContent('main'))!, /0722|Sadaka|250/)
  await send(`${paid.receipt} Confirmed. Ksh500.00 sent to DUKA`)
  await page.getByText(say('paid_so_far')).waitFor()
  await page.getByText(paid.receipt).waitFor()
  assert.equal(await standOf(told, invoice), 'part_paid 500 4000 0')
}

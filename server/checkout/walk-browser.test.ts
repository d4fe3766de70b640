import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Request } from 'playwright-core'
import { invoiced } from '../../testing/invoices.ts'
import { looks, pagesOf } from '../../testing/pages.ts'
import type { Pages } from '../../testing/pages.ts'
import { payAtQr, payInvoiceInParts, walkAs } from '../../testing/payer-walk.ts'
import { pathOf } from '../../testing/payer.ts'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

let told: Story
let pages: Pages

before(async () => {
  told = await tell()
  await told.call('POST', '/v1/mpesa/c2b/register')
  pages = await pagesOf(told.context)
})

after(async () => {
  await pages.close()
  await told.end()
})

test('an invoice is paid in parts on the phone and by hand; its receipt verifies, and what is over pays a second one', () =>
  walkAs({ told, pages, look: looks[4], hasScripts: true, number: 1 }, payInvoiceInParts))

test('the QR code of a link is read from the screen and leads to a payment, whose code pays no invoice of another', () =>
  walkAs({ told, pages, look: looks[0], hasScripts: false, number: 2 }, payAtQr))

test('the first view of a checkout, an invoice and a link is 14 KB over the wire at most, with all that it needs', async () => {
  const link = await told.call('POST', '/v1/payment-links', { name: 'Sadaka', amount: 500 })
  const lines = Array.from({ length: 12 }, (_, index) => ({
    description: `Kitabu cha darasa la ${index}, toleo la pili`,
    unit_amount: 400 + index,
    tax_rate: 16,
  }))
  const places = {
    checkout: pathOf(await told.pay({ amount: 1500, account_reference: 'INV-204' })),
    invoice: new URL((await invoiced(told, { lines, instalments: true, tax_included: true })).url).pathname,
    link: new URL(link.body.data.url).pathname,
  }
  for (const [name, path] of Object.entries(places)) {
    const { page } = await pages.visit('/pay/pay_0')
    const loaded: Request[] = []
    page.on('requestfinished', (request) => loaded.push(request))
    await page.goto(pages.address + path)
    const sizes = await Promise.all(loaded.map((request) => request.sizes()))
    const bytes = sizes.reduce((sum, one) => sum + one.responseHeadersSize + one.responseBodySize, 0)
    assert.ok(bytes > 1000 && bytes <= 14 * 1024, `${name}: ${bytes} bytes`)
    await page.context().close()
  }
})

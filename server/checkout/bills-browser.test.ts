import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { amina, instalment, invoiced, standOf } from '../../testing/invoices.ts'
import { lookAt, pagesOf } from '../../testing/pages.ts'
import type { Pages } from '../../testing/pages.ts'
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

const pageOf = ({ url }: { url: string }) => new URL(url).pathname

test('without JavaScript an invoice is paid in two instalments on the phone, and the rest by paybill by hand', async () => {
  const reference = 'INV-199'
  const invoice = await invoiced(told, { reference, instalments: true })
  const { page, complaints } = await pages.visit(pageOf(invoice), { javaScriptEnabled: false })
  for (const [amount, phone] of [
    ['2000', '0722000202'],
    ['1000', '0722000212'],
  ] as const) {
    await page.getByLabel('How much').fill(amount)
    await page.getByLabel('M-PESA phone number').fill(phone)
    await page.getByRole('button', { name: 'Pay with M-PESA' }).click()
    await page.getByRole('heading', { name: 'Check your phone' }).waitFor()
    told.simulator.phones.get(phone).approve()
    await told.simulator.settled()
    // It would ask again by itself, in five seconds.
    await page.reload()
    await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
    await page.getByRole('link', { name: 'See the invoice' }).click()
    await page.getByText(amount === '2000' ? 'KSh 2,000' : 'KSh 3,000').waitFor()
  }
  await page.getByText('Or pay by hand').click()
  assert.ok(await page.locator('#by-hand').getByText(reference).isVisible())
  await told.simulator.phones.get(amina).pay({ shortcode: '174379', amount: 1500, reference })
  await told.simulator.settled()
  await page.reload()
  await page.getByRole('heading', { name: 'Paid in full. Asante!' }).waitFor()
  assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('every page of an invoice and of a link fits its screen and bars nobody', async () => {
  const long = {
    reference: 'SHAMBA-00417',
    description: 'Ada ya muhula wa tatu pamoja na chakula, usafiri na vitabu vya Mwanafunzi-Asiyejulikana-Jina-Lake',
    instalments: true,
    due_date: '2026-11-01',
    lines: [
      {
        description: 'Ada ya muhula wa tatu, Mwanafunzi-Asiyejulikana-Jina-Lake-Kamwe',
        quantity: '1.125',
        unit_amount: '216000',
        tax_rate: 16,
      },
      { description: 'Chakula', unit_amount: 120 },
    ],
    tax_included: true,
  }
  const [open, over] = [await invoiced(told, long), await invoiced(told, { reference: 'OVER' })]
  await instalment(told, open, { amount: 2000, phone: '0722000203' })
  await told.call('POST', `/v1/invoices/${open.id}/settle`, { amount: 500, phone: '0722000204' })
  await told.simulator.phones.get(amina).pay({ shortcode: '174379', amount: 5000, reference: 'over' })
  await told.simulator.settled()
  const link = (await told.call('POST', '/v1/payment-links', { name: 'Sadaka ya Jumapili' })).body.data
  const places = {
    'invoice-open': open,
    'invoice-over': over,
    'link-free': link,
  }
  for (const [name, of] of Object.entries(places)) await lookAt(pages, { path: pageOf(of), name })
})

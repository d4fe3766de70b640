import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { openBrowser } from './browser.ts'
import { installLango, until } from './command.ts'
import type { Lango } from './command.ts'
import { openShop } from './shop.ts'
import type { Shop } from './shop.ts'

/** Where to keep the README's pictures, when they are to be taken anew. */
const picturesFolder = process.env['README_PICTURES']

let lango: Lango
let browser: Browser
let shop: Shop

before(async () => {
  lango = await installLango()
  await lango.started()
  shop = await openShop()
  browser = await openBrowser()
})

after(async () => {
  await browser.close()
  shop.close()
  await lango.remove()
})

async function call(method: string, path: string, body?: unknown): Promise<any> {
  return (await lango.call(method, path, body)).data
}

async function visit(url: string, width: number): Promise<Page> {
  const visitor = await browser.newContext({ viewport: { width, height: 820 }, locale: 'en-KE' })
  const page = await visitor.newPage()
  await page.goto(url)
  return page
}

async function picture(page: Page, name: string): Promise<void> {
  if (picturesFolder) await page.screenshot({ path: join(picturesFolder, `${name}.png`) })
}

test('a request makes the phone in the browser ring; the PIN pays; the checkout shows the receipt; the webhook is signed', async () => {
  const { webhook_secret } = await call('POST', '/v1/webhook-endpoints', { url: shop.url })
  const phones = await visit(`${lango.simulatorUrl}/phone`, 1280)
  const asked = await call('POST', '/v1/payments', {
    amount: 1500,
    phone: '0712345678',
    account_reference: 'INV-204',
    description: 'Unga, sukari, chai',
  })
  const checkout = await visit(asked.checkout_url, 390)
  await checkout.evaluate('window.isSamePage = true')

  await phones.getByText('INV-204').first().waitFor()
  await checkout.getByRole('heading', { name: 'Check your phone' }).waitFor()
  await picture(phones, 'phones-ringing')
  await picture(checkout, 'checkout-waiting')

  await phones.getByLabel('M-PESA PIN').first().fill('1234')
  await phones.getByRole('button', { name: 'Send' }).first().click()
  await checkout.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  assert.equal(await checkout.evaluate('window.isSamePage'), true, 'without a reload')
  const paid = await call('GET', `/v1/payments/${asked.id}`)
  assert.equal(paid.status, 'completed')
  await checkout.getByText(paid.provider_receipt).waitFor()
  await phones.getByText(`${paid.provider_receipt} Confirmed.`).first().waitFor()
  await picture(phones, 'phones-paid')
  await picture(checkout, 'checkout-paid')

  await until(() => shop.received.length > 0)
  const [{ headers, text, json }] = shop.received as [Shop['received'][number]]
  assert.equal(json.type, 'payment.completed')
  assert.equal(json.data.payment_id, asked.id)
  new Webhook(webhook_secret).verify(text, headers as Record<string, string>)
})

test('the phone that pays by itself lets two hundred payments at once complete, and the books equal the ledger', async () => {
  await lango.control('PUT', '/phones/254708374149', { auto: 'approve' })
  const asked = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const { id } = await call('POST', '/v1/payments', {
        amount: 1 + index,
        phone: '254708374149',
        account_reference: `ORDER-${index}`,
        external_reference: `order-${index}`,
      })
      return id as string
    }),
  )
  let payments: any[] = []
  await until(async () => {
    payments = await Promise.all(asked.map((id) => call('GET', `/v1/payments/${id}`)))
    return payments.every(({ status }) => status === 'completed')
  })
  assert.equal(new Set(payments.map(({ provider_receipt }) => provider_receipt)).size, 200)
  const { entries } = (await lango.control('GET', '/ledger')) as { entries: { receipt: string; amount: number }[] }
  const ledger = new Map(entries.map(({ receipt, amount }) => [receipt, amount]))
  for (const { provider_receipt, amount } of payments) assert.equal(ledger.get(provider_receipt), Number(amount))
})

test('money from the menu is heard of, goes back on request, and is reconciled, without any set-up', async () => {
  const menu = { shortcode: '174379', amount: 250, reference: 'SHOES' }
  const { receipt } = await lango.control('POST', '/phones/254712345678/pay', menu)
  await until(async () => (await call('GET', '/v1/money-in?unmatched=true')).length === 1)
  const { id } = await call('POST', '/v1/payments', { amount: 250 })
  await call('POST', `/v1/money-in/${receipt}/assign`, { payment_id: id })
  await call('POST', '/v1/refunds', { payment_id: id })
  await until(async () => (await call('GET', `/v1/payments/${id}`)).status === 'reversed')
  const { report } = await call('POST', '/v1/reconciliation/runs', {})
  assert.equal(report.not_found.count, 0)
  assert.equal(report.unknown_to_provider.count, 0)
})

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createLango, signWebhook } from '@lango/client'
import type { Lango, Payment } from '@lango/client'
import { createNode } from '../../server/node.ts'
import { systemClock } from '../../server/clock.ts'
import { deliverDue } from '../../server/webhooks/deliver.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

// The shop is plain JavaScript, to be copied into any project.
const program: string = './shop.js'
const { createShop } = (await import(program)) as { createShop(lango: Lango, secret: string): RequestListener }

type Open = Story & {
  lango: Lango
  url: string
  /** What its webhooks are signed with. */
  secret: string
  buy(phone: string): Promise<Response>
  /** Lets what is under way come to rest, and answers the page of an order. */
  page(order: Response): Promise<string>
}

/** A shop on a port of this machine, whose payments and webhooks are real. */
function open(plot: (open: Open) => Promise<void>): Promise<void> {
  return story({}, async (told) => {
    const { context, simulator, merchant, clock } = told
    context.config.publicUrl = 'http://localhost:4000'
    // The shop goes by the machine's clock, and believes no old webhook.
    await clock.advance(systemClock.now().getTime() - clock.now().getTime())
    const lango = createLango({
      url: 'http://localhost:4000',
      key: merchant.key,
      fetch: createNode(context).app.request,
    })
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { webhook_secret } = await lango.webhookEndpoints.set({ url: `${url}/lango`, events: ['payment.*'] })
    server.on('request', createShop(lango, webhook_secret))
    try {
      await plot({
        ...told,
        lango,
        url,
        secret: webhook_secret,
        buy: (phone) =>
          fetch(`${url}/buy`, { method: 'POST', body: new URLSearchParams({ phone }), redirect: 'manual' }),
        async page(order) {
          await simulator.settled()
          await deliverDue(context)
          return (await fetch(new URL(order.headers.get('location')!, url))).text()
        },
      })
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
}

test('the shop sells: the phone rings, the payer pays, and the page of the order says so by itself', () =>
  open(async ({ lango, url, simulator, buy, page }) => {
    assert.match(await (await fetch(url)).text(), /KSh 100/)
    const bought = await buy('0712 345 678')
    assert.equal(bought.status, 303)
    const [payment] = (await lango.payments.list().page()).data
    const waiting = await page(bought)
    assert.match(waiting, /Check your phone/)
    assert.match(waiting, /http-equiv="refresh"/)
    assert.ok(waiting.includes(payment!.checkout_url))
    assert.equal(new URL(bought.headers.get('location')!, url).href, payment!.return_url)

    simulator.phones.get('0712345678').approve()
    const paid = await page(bought)
    const { provider_receipt } = await lango.payments.get(payment!.id)
    assert.ok(paid.includes(provider_receipt!))
    assert.doesNotMatch(paid, /http-equiv="refresh"/)
  }))

test('a payer who cancels is told so, and may try again', () =>
  open(async ({ simulator, buy, page }) => {
    const bought = await buy('0712345678')
    simulator.phones.get('0712345678').cancel()
    assert.match(await page(bought), /Not paid.*Try again/s)
  }))

test('a wrong number is refused in a sentence, and no order comes of it', () =>
  open(async ({ lango, buy }) => {
    const refused = await buy('12345')
    assert.equal(refused.status, 400)
    assert.match(await refused.text(), /Write it as 0712 345 678/)
    assert.equal((await lango.payments.list().page()).data.length, 0)
  }))

test('a webhook that somebody else signed changes no order, and an old one nothing that is newer', () =>
  open(async ({ lango, url, secret, simulator, buy, page }) => {
    const bought = await buy('0712345678')
    const [{ external_reference }] = (await lango.payments.list().page()).data as [Payment]
    const post = async (signedWith: string, data: object) => {
      const body = JSON.stringify({ id: 'evt_1', type: 'payment.failed', data: { external_reference, ...data } })
      const headers = { 'Content-Type': 'application/json', ...(await signWebhook(body, signedWith)) }
      return (await fetch(`${url}/lango`, { method: 'POST', body, headers })).status
    }
    const forged = { version: 9, status: 'completed', provider_receipt: 'UKK0000000' }
    assert.equal(await post(`whsec_${btoa('guessed')}`, forged), 400)
    assert.match(await page(bought), /Check your phone/)

    simulator.phones.get('0712345678').approve()
    assert.match(await page(bought), /Paid/)
    const old = { version: 1, status: 'failed', failure: { message: 'No PIN came.' } }
    assert.equal(await post(secret, old), 204)
    assert.match(await page(bought), /Paid/)
  }))

test('a shop whose port is taken says so, and does not say that it is open', async () => {
  const other = createServer().listen(0)
  await once(other, 'listening')
  const port = String((other.address() as AddressInfo).port)
  const env = { ...process.env, LANGO_KEY: 'sk_test_1', LANGO_WEBHOOK_SECRET: 'whsec_c2VjcmV0', SHOP_PORT: port }
  const ran = promisify(execFile)(process.execPath, [fileURLToPath(import.meta.resolve('./shop.js'))], { env })
  await assert.rejects(ran, { code: 1, stdout: '', stderr: /^Port \d+ cannot be had: .*EADDRINUSE.*\. Set SHOP_PORT/ })
  other.close()
})

import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { createLango, LangoError, verifyWebhook } from '@lango/client'
import type { Lango } from '@lango/client'

const shelf = `<!doctype html><meta name=viewport content=width=device-width><title>Duka</title>
<form method=post action=/buy><input name=phone placeholder="0712 345 678"><button>Unga, KSh 100</button></form>`

/** A shop that sells one thing. It remembers what was paid until it is closed; a real one has a database for that. */
export function openShop(lango: Lango, webhookSecret: string): Server {
  const receipts = new Map<string, string | null>()

  async function serve({ method, url = '', headers }: IncomingMessage, body: string, response: ServerResponse) {
    if (method === 'GET' && url === '/') return response.end(shelf)
    if (method === 'GET')
      return response.end(receipts.has(url) ? `Paid: ${receipts.get(url)}. Asante!` : 'Not paid yet.')
    if (url === '/buy') {
      const order = `/${crypto.randomUUID()}`
      const phone = new URLSearchParams(body).get('phone') ?? ''
      const asked = { amount: 100, phone, external_reference: order, return_url: `http://${headers.host}${order}` }
      const payment = await lango.payments.create(asked, { idempotencyKey: order })
      // There the payer reads what to do, and sees how it ends.
      return response.writeHead(303, { location: payment.checkout_url }).end()
    }
    const event = await verifyWebhook(body, headers, webhookSecret)
    if (event.type === 'payment.completed') receipts.set(event.data.external_reference!, event.data.provider_receipt)
    return response.writeHead(204).end()
  }

  return createServer((request, response) => {
    text(request)
      .then((body) => serve(request, body, response))
      .catch((error) => response.writeHead(400).end(error instanceof LangoError ? error.message : 'That went wrong.'))
  })
}

if (import.meta.main) {
  const { LANGO_URL = 'http://localhost:4000', LANGO_KEY = '', LANGO_WEBHOOK_SECRET = '' } = process.env
  openShop(createLango({ url: LANGO_URL, key: LANGO_KEY }), LANGO_WEBHOOK_SECRET).listen(3000)
}

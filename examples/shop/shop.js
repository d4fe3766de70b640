import express from 'express'
import { createLango, LangoError, verifyWebhook } from '@lango/client'
import { errorPage, orderPage, shelfPage } from './pages.js'

/** A shop that sells one thing. It remembers its orders until it is stopped; a real one has a database for that. */
export function createShop(lango, webhookSecret) {
  const orders = new Map()
  const shop = express()

  shop.get('/', (request, response) => response.send(shelfPage()))

  shop.post('/buy', express.urlencoded(), async (request, response) => {
    const id = crypto.randomUUID()
    const asked = {
      amount: 100,
      phone: request.body?.phone,
      account_reference: 'UNGA',
      external_reference: id,
      return_url: `http://${request.headers.host}/orders/${id}`,
    }
    // The order's number is the idempotency key: however often this is sent, one phone rings once.
    const payment = await lango.payments.create(asked, { idempotencyKey: id })
    // The webhook of a quick payer may have been here before this answer.
    orders.set(id, { version: 0, payment, ...orders.get(id), checkoutUrl: payment.checkout_url })
    response.redirect(303, `/orders/${id}`)
  })

  shop.get('/orders/:id', (request, response) => {
    const order = orders.get(request.params.id)
    if (!order?.payment) return response.status(404).send(errorPage('There is no such order.'))
    response.send(orderPage(order))
  })

  // The body stays raw here, because what was signed are its bytes.
  shop.post('/lango', express.raw({ type: 'application/json' }), async (request, response) => {
    const event = await verifyWebhook(request.body, request.headers, webhookSecret)
    if (event.type.startsWith('payment.')) {
      const { external_reference: id, version } = event.data
      const order = orders.get(id)
      // The same event may come twice, and an old one after a newer one.
      if (version > (order?.version ?? 0)) orders.set(id, { ...order, version, payment: event.data })
    }
    response.sendStatus(204)
  })

  shop.use((error, request, response, _next) => {
    if (!(error instanceof LangoError)) console.error(error)
    const message = error instanceof LangoError ? error.message : 'That went wrong. Nothing was taken.'
    response.status(400).send(errorPage(message))
  })
  return shop
}

if (import.meta.main) {
  const { LANGO_URL = 'http://localhost:4000', LANGO_KEY, LANGO_WEBHOOK_SECRET, SHOP_PORT = '3000' } = process.env
  const address = `http://localhost:${SHOP_PORT}`
  if (!LANGO_KEY) throw new Error('Set LANGO_KEY to the test key that `npm start` prints.')
  const lango = createLango({ url: LANGO_URL, key: LANGO_KEY })
  // Tells Lango where the shop is. A shop that runs for years is told its secret instead.
  const endpoint = { url: `${address}/lango`, events: ['payment.*'] }
  const secret = LANGO_WEBHOOK_SECRET ?? (await lango.webhookEndpoints.set(endpoint)).webhook_secret
  createShop(lango, secret).listen(Number(SHOP_PORT), (error) => {
    if (!error) return console.log(`The shop is open: ${address}`)
    console.error(`Port ${SHOP_PORT} cannot be had: ${error.message}. Set SHOP_PORT to another.`)
    process.exitCode = 1
  })
}

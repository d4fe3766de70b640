import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createLango, signWebhook } from '@lango/client'
import { createNode } from '../../server/node.ts'
import { systemClock } from '../../server/clock.ts'
import { deliverDue } from '../../server/webhooks/deliver.ts'
import { story } from '../../testing/story.ts'
import { openShop } from './shop.ts'

test('the shop sells: the phone rings, the payer pays, and a webhook that is verified marks the order as paid', () =>
  story({}, async ({ context, simulator, merchant, clock }) => {
    context.config.publicUrl = 'http://localhost:4000'
    // The shop goes by the machine's clock, and believes no old webhook.
    await clock.advance(systemClock.now().getTime() - clock.now().getTime())
    const lango = createLango({
      url: 'http://localhost:4000',
      key: merchant.key,
      fetch: createNode(context).app.request,
    })
    const endpointAt = (url: string) => lango.webhookEndpoints.create({ url, events: ['payment.completed'] })
    const { id, webhook_secret } = await endpointAt('http://127.0.0.1:1/lango')
    const shop = openShop(lango, webhook_secret).listen(0, '127.0.0.1')
    await once(shop, 'listening')
    const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
    await lango.webhookEndpoints.update(id, { url: `${url}/lango` })
    try {
      assert.match(await (await fetch(url)).text(), /KSh 100/)
      const buy = (phone: string) =>
        fetch(`${url}/buy`, { method: 'POST', body: new URLSearchParams({ phone }), redirect: 'manual' })
      const bought = await buy('0712 345 678')
      const [payment] = (await lango.payments.list().page()).data
      assert.deepEqual([bought.status, bought.headers.get('location')], [303, payment!.checkout_url])
      const order = async () => (await fetch(payment!.return_url!)).text()
      assert.match(await order(), /Not paid yet/)

      simulator.phones.get('0712345678').approve()
      await simulator.settled()
      await deliverDue(context)
      const { provider_receipt } = await lango.payments.get(payment!.id)
      assert.match(await order(), new RegExp(`Paid: ${provider_receipt}`))

      const wrong = await buy('12345')
      assert.equal(wrong.status, 400)
      assert.match(await wrong.text(), /Write it as 0712 345 678/)
      const forged = JSON.stringify({ id: 'evt_1', type: 'payment.completed', data: { external_reference: 'order' } })
      const headers = await signWebhook(forged, `whsec_${btoa('guessed')}`)
      assert.equal((await fetch(`${url}/lango`, { method: 'POST', body: forged, headers })).status, 400)
      assert.match(await (await fetch(`${url}/order`)).text(), /Not paid yet/)
    } finally {
      shop.close()
      shop.closeAllConnections()
    }
  }))

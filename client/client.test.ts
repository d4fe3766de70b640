import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNode } from '../server/node.ts'
import { deliverDue } from '../server/webhooks/deliver.ts'
import { openShop } from '../testing/shop.ts'
import type { Received } from '../testing/shop.ts'
import { story } from '../testing/story.ts'
import { createLango, LangoError, verifyWebhook } from './index.ts'
import type { Lango } from './index.ts'

/** Tells a story of a shop that knows Lango by this package alone. */
const shopStory = (plot: (lango: Lango, told: Parameters<Parameters<typeof story>[1]>[0]) => Promise<void>) =>
  story({}, (told) => {
    const app = createNode(told.context).app
    return plot(
      createLango({ url: 'http://lango.test', key: told.merchant.key, retryDelayMs: 0, fetch: app.request }),
      told,
    )
  })

test('a shop asks for money, and sees that it came', () =>
  shopStory(async (lango, { simulator }) => {
    const asked = await lango.payments.create({ amount: 100, phone: '0712345678', account_reference: 'INV-204' })
    assert.equal(asked.status, 'pending')
    assert.equal(asked.phone, '254712345678')

    simulator.phones.get('0712345678').approve()
    await simulator.settled()

    const paid = await lango.payments.get(asked.id)
    assert.equal(paid.status, 'completed')
    assert.match(paid.provider_receipt ?? '', /^[A-Z0-9]{10}$/)
    const evidence = await lango.payments.evidence(asked.id)
    assert.ok(evidence.some(({ source, verdict }) => source === 'callback' && verdict === 'success'))
    const [arrived] = (await lango.moneyIn.list({ receipt: paid.provider_receipt! }).page()).data
    assert.equal(arrived?.payment_id, asked.id)
  }))

test('a request whose answer was lost makes one payment', () =>
  story({}, async ({ context, merchant }) => {
    const app = createNode(context).app
    let isLost = true
    const lango = createLango({
      url: 'http://lango.test',
      key: merchant.key,
      retryDelayMs: 0,
      async fetch(url, init) {
        const response = await app.request(url, init)
        if (!isLost) return response
        isLost = false
        throw new TypeError('The connection was cut.')
      },
    })
    const payment = await lango.payments.create({ amount: 100, phone: '0712345678' })
    const { data, has_more } = await lango.payments.list().page()
    assert.deepEqual([data.map(({ id }) => id), has_more], [[payment.id], false])
  }))

test('payments are listed over any number of pages', () =>
  shopStory(async (lango) => {
    const made: string[] = []
    for (const amount of [10, 20, 30, 40, 50]) made.unshift((await lango.payments.create({ amount })).id)
    const listed: string[] = []
    for await (const { id } of lango.payments.list({ limit: 2 })) listed.push(id)
    assert.deepEqual(listed, made)
    assert.deepEqual((await lango.payments.list({ min_amount: 40 }).page()).data.length, 2)
  }))

test('what Lango refuses comes as its own words', () =>
  shopStory(async (lango) => {
    await assert.rejects(lango.payments.create({ amount: 100, phone: '12345' }), (thrown) => {
      assert.ok(thrown instanceof LangoError)
      assert.deepEqual([thrown.code, thrown.status, thrown.param], ['invalid_phone', 400, 'phone'])
      assert.match(thrown.request_id ?? '', /^req_/)
      assert.equal(thrown.docs_url, 'https://lango.test/docs/errors#invalid_phone')
      return true
    })
    const first = await lango.payments.create({ amount: 100, external_reference: 'order-1' })
    await assert.rejects(lango.payments.create({ amount: 200, external_reference: 'order-1' }), {
      code: 'duplicate_external_reference',
      details: { payment_id: first.id },
    })
  }))

test('a payment can be checked, though not twice in ten seconds', () =>
  shopStory(async (lango, { simulator, advance }) => {
    const asked = await lango.payments.create({ amount: 100, phone: '0712345678' })
    simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
    simulator.phones.get('0712345678').cancel()
    await advance('1 minute')
    const checked = await lango.payments.check(asked.id)
    assert.deepEqual([checked.status, checked.failure?.code], ['failed', 'cancelled_by_payer'])
    await assert.rejects(lango.payments.check(asked.id), {
      code: 'check_too_soon',
      status: 429,
      retry_after_s: 10,
    })
  }))

test('what Lango posts is verified, for as long as the secret is the right one', () =>
  shopStory(async (lango, { context, simulator, clock }) => {
    context.config.publicUrl = 'http://localhost:4000'
    const shop = await openShop()
    try {
      const endpoint = await lango.webhookEndpoints.create({ url: shop.url, events: ['payment.completed'] })
      const asked = await lango.payments.create({ amount: 100, phone: '0712345678', metadata: { order: 204 } })
      simulator.phones.get('0712345678').approve()
      await simulator.settled()
      await deliverDue(context)

      const [{ text, headers }] = shop.received as [Received]
      const now = clock.now()
      const event = await verifyWebhook(text, headers, endpoint.webhook_secret, { now })
      assert.ok(event.type === 'payment.completed')
      assert.deepEqual([event.data.payment_id, event.data.metadata], [asked.id, { order: 204 }])
      assert.deepEqual(await lango.events.get(event.id), event)

      const { webhook_secret } = await lango.webhookEndpoints.rotateSecret(endpoint.id)
      await lango.events.redeliver(event.id, { endpoint_id: endpoint.id })
      await deliverDue(context)
      const again = shop.received[1]!
      for (const secret of [webhook_secret, endpoint.webhook_secret])
        assert.deepEqual(await verifyWebhook(again.text, again.headers, secret, { now }), event)
      await assert.rejects(verifyWebhook(text, headers, webhook_secret, { now }), { code: 'signature_wrong' })
    } finally {
      shop.close()
    }
  }))

test('webhook endpoints are made, changed, tried and deleted, and deliveries are on record', () =>
  shopStory(async (lango, { context, simulator }) => {
    context.config.publicUrl = 'http://localhost:4000'
    const shop = await openShop()
    try {
      const { id } = await lango.webhookEndpoints.create({ url: shop.url })
      assert.equal((await lango.webhookEndpoints.update(id, { description: 'The shop' })).description, 'The shop')
      assert.equal((await lango.webhookEndpoints.get(id)).status, 'enabled')
      assert.equal((await lango.webhookEndpoints.test(id)).delivered, true)
      assert.equal(shop.received[0]?.json.type, 'webhook.test')

      const asked = await lango.payments.create({ amount: 100, phone: '0712345678' })
      simulator.phones.get('0712345678').cancel()
      await simulator.settled()
      await deliverDue(context)
      const [event] = (await lango.events.list({ payment_id: asked.id }).page()).data
      assert.equal(event?.type === 'payment.failed' && event.data.failure?.code, 'cancelled_by_payer')
      const [delivery] = (await lango.deliveries.list({ endpoint_id: id, status: 'succeeded' }).page()).data
      assert.equal((await lango.deliveries.get(delivery!.id)).history[0]?.status, 200)

      assert.deepEqual(await lango.webhookEndpoints.delete(id), { id, deleted: true })
      assert.deepEqual((await lango.webhookEndpoints.list().page()).data, [])
      await assert.rejects(lango.webhookEndpoints.get(id), { code: 'not_found', status: 404 })
    } finally {
      shop.close()
    }
  }))

test('money goes back, the balance is told, and the statement agrees with the books', () =>
  shopStory(async (lango, { simulator }) => {
    const asked = await lango.payments.create({ amount: 100, phone: '0712345678' })
    simulator.phones.get('0712345678').approve()
    await simulator.settled()

    const refund = await lango.refunds.create({ payment_id: asked.id, amount: 40, reason: 'The sugar was wet' })
    await simulator.settled()
    assert.equal((await lango.refunds.get(refund.id)).status, 'completed')
    assert.ok((await lango.refunds.evidence(refund.id)).length > 0)
    assert.equal((await lango.payments.get(asked.id)).amount_refunded, '40.00')
    assert.equal((await lango.refunds.list({ payment_id: asked.id }).page()).data.length, 1)

    assert.equal((await lango.mpesa.askBalance()).ResponseCode, '0')
    await simulator.settled()
    assert.ok((await lango.mpesa.balance()).accounts.length > 0)

    const run = await lango.reconciliation.uploadStatement(simulator.statement())
    assert.deepEqual([run.status, run.report?.matched.count, run.report?.not_found.count], ['completed', 2, 0])
    const kinds: string[] = []
    for await (const { kind } of lango.reconciliation.items(run.id, { limit: 1 })) kinds.push(kind)
    assert.deepEqual(kinds.toSorted(), ['payment', 'reversal'])
  }))

test('a payout waits for its owner to enable payouts', () =>
  shopStory(async (lango) => {
    const payout = { kind: 'b2c', phone: '0712345678', amount: 50 } as const
    await assert.rejects(lango.payouts.create(payout), { code: 'payouts_disabled', status: 422 })
    assert.deepEqual((await lango.payouts.list().page()).data, [])
  }))

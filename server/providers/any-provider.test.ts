import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { createReed } from '../../testing/reed.ts'
import type { Reed } from '../../testing/reed.ts'
import { openShop } from '../../testing/shop.ts'
import type { Shop } from '../../testing/shop.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { toldOf } from '../../testing/told-of.ts'
import { configureAccount } from '../accounts/configure.ts'
import { deliverDue } from '../webhooks/deliver.ts'

type Scene = Story & {
  reed: Reed
  shop: Shop
  /** Posts to Lango as Reed Money does: a form. */
  tell(path: string, form: Record<string, string>): Promise<{ status: number; body: any }>
}

/** A shop with an account at an upstream that is like M-Pesa in nothing: not its paths, nor its bodies, nor its words. */
function scene(plot: (scene: Scene) => Promise<void>): Promise<void> {
  const reed = createReed()
  const wrap = {
    fetch:
      (toDaraja: typeof fetch): typeof fetch =>
      (input, init) =>
        String(input).startsWith('http://reed.test') ? reed.fetch(input, init) : toDaraja(input, init),
  }
  return story({ wrap, providers: { pesaflow: reed.provider } }, async (told) => {
    const { context, merchant } = told
    context.config.publicUrl = 'http://localhost:4000'
    await configureAccount(context, {
      merchant_id: merchant.id,
      provider: 'pesaflow',
      environment: 'simulator',
      shortcode: '77',
      till: null,
      type: 'paybill',
      credentials: { api_key: 'reed', secret: 'reed' },
    })
    const shop = await openShop()
    await told.call('POST', '/v1/webhook-endpoints', { url: shop.url })
    try {
      await plot({
        ...told,
        reed,
        shop,
        async tell(path, form) {
          const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
          const response = await told.post(path, new URLSearchParams(form).toString(), headers)
          return { status: response.status, body: await response.json() }
        },
      })
    } finally {
      shop.close()
    }
  })
}

const paid = { request: 'R-77', outcome: 'paid', proof: 'REED-0001', cents: '50000' }

test('a payment through another provider is created, called back, settled and told, as one through M-Pesa is', () =>
  scene(async (told) => {
    const { id, provider_ref, status } = await told.pay({ provider: 'pesaflow', amount: 500 })
    assert.deepEqual([provider_ref, status], ['R-77', 'pending'])
    const { form } = told.reed.asked[0]!
    assert.equal(form['cents'], '50000')

    const heard = await told.tell(new URL(form['tell']!).pathname, paid)
    assert.deepEqual(heard, { status: 200, body: { thanks: 'yes' } })
    const payment = await told.payment(id)
    assert.deepEqual([payment.status, payment.provider_receipt, payment.amount], ['completed', 'REED-0001', '500.00'])
    assert.deepEqual(await toldOf(told), ['payment.completed'])
    await deliverDue(told.context)
    assert.deepEqual(
      told.shop.received.map(({ json }) => [json.type, json.data.provider, json.data.provider_receipt]),
      [['payment.completed', 'pesaflow', 'REED-0001']],
    )
  }))

test("what is no callback of another provider is answered in that provider's words", () =>
  scene(async (told) => {
    await told.pay({ provider: 'pesaflow', amount: 500 })
    const address = new URL(told.reed.asked[0]!.form['tell']!).pathname
    assert.deepEqual(await told.tell(address, { weather: 'fine' }), { status: 400, body: { thanks: 'no' } })
    assert.deepEqual(await told.tell('/reed/tells', { weather: 'fine' }), { status: 400, body: { thanks: 'no' } })
  }))

test('what another provider posts to its own address without a token settles nothing', () =>
  scene(async (told) => {
    const { id } = await told.pay({ provider: 'pesaflow', amount: 500 })
    assert.deepEqual(await told.tell('/reed/tells', paid), { status: 200, body: { thanks: 'yes' } })
    assert.equal((await told.payment(id)).status, 'pending')
  }))

test('a payment through another provider that is not called back is asked about', () =>
  scene(async (told) => {
    const { id } = await told.pay({ provider: 'pesaflow', amount: 500 })
    await told.advance('2 minutes')
    assert.equal(await told.sweep('checks'), 1)
    assert.deepEqual(told.reed.asked.at(-1), { path: '/ask', form: { about: 'R-77' } })
    assert.equal((await told.payment(id)).status, 'pending')
  }))

test('what another provider cannot do is said so', () =>
  scene(async (told) => {
    const { id } = await told.pay({ provider: 'pesaflow', amount: 500 })
    await told.tell(new URL(told.reed.asked[0]!.form['tell']!).pathname, paid)
    const refund = await told.call('POST', '/v1/refunds', { payment_id: id })
    assert.deepEqual([refund.status, refund.body.error.code], [422, 'not_supported'])
  }))

test('payments, callbacks and webhooks know no provider by its name', () => {
  const server = dirname(import.meta.dirname)
  const files = globSync('{payments,callbacks,webhooks,events}/**/*.ts', { cwd: server, exclude: ['**/*.test.ts'] })
  // What a caller may name is written at the door: the row, and the schema of a request.
  const doors = ['payments/routes.ts', 'payments/payment.ts', 'payments/filter.ts']
  const knowing = files.filter((file) => /['".]mpesa\b/.test(readFileSync(join(server, file), 'utf8')))
  assert.deepEqual(
    knowing.filter((file) => !doors.includes(file)),
    [],
  )
})

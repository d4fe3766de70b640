import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { manualClock } from '../../simulator/index.ts'
import { openShop } from '../../testing/shop.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createNode } from '../node.ts'
import { sql } from '../database/sql.ts'
import { createKey } from '../access/key.ts'
import { scopes } from '../access/scope.ts'
import type { Mode } from '../access/key.ts'
import type { KeyScope } from '../access/scope.ts'
import { createMerchant } from '../merchants/merchant.ts'
import { checkPayments } from '../payments/check.ts'

const url = 'https://196.201.214.200/lango'

/** A caller of the API with a key of its own. */
async function callerOf({ context }: Story, merchant_id: string, mode: Mode, granted: readonly KeyScope[] = scopes) {
  const app = createNode(context).app
  const { key } = await createKey(context, { merchant_id, name: 'other', mode, scopes: [...granted] })
  return async (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> => {
    const response = await app.request(path, {
      method,
      headers: { 'X-API-Key': key, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  }
}

test('an endpoint is made, seen, changed and deleted', () =>
  story({}, async ({ call }) => {
    const made = await call('POST', '/v1/webhook-endpoints', {
      url,
      events: ['payment.completed'],
      description: 'The shop',
    })
    assert.equal(made.status, 201)
    const { webhook_secret, ...endpoint } = made.body.data
    assert.match(webhook_secret, /^whsec_/)
    assert.match(endpoint.id, /^whe_[0-9a-f]{32}$/)
    assert.deepEqual(
      [endpoint.url, endpoint.events, endpoint.description, endpoint.mode, endpoint.status],
      [url, ['payment.completed'], 'The shop', 'test', 'enabled'],
    )
    const path = `/v1/webhook-endpoints/${endpoint.id}`
    assert.deepEqual((await call('GET', path)).body.data, endpoint)

    const changed = await call('PATCH', path, { events: null, description: null, url: `${url}/2` })
    assert.deepEqual(changed.body.data, { ...endpoint, events: null, description: null, url: `${url}/2` })
    const off = await call('PATCH', path, { status: 'disabled' })
    assert.deepEqual([off.body.data.status, off.body.data.disabled_because], ['disabled', 'It was disabled by hand.'])
    const on = await call('PATCH', path, { status: 'enabled' })
    assert.deepEqual([on.body.data.status, on.body.data.disabled_because], ['enabled', null])

    assert.equal((await call('DELETE', path)).status, 200)
    for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
      const gone = await call(method, path, body)
      assert.deepEqual([gone.status, gone.body.error.code], [404, 'not_found'])
    }
    assert.deepEqual((await call('GET', '/v1/webhook-endpoints')).body.data, [])
  }))

test('every change of an endpoint is in the audit log, without its secret', () =>
  story({}, async ({ context, call }) => {
    const { id, webhook_secret } = (await call('POST', '/v1/webhook-endpoints', { url })).body.data
    await call('PATCH', `/v1/webhook-endpoints/${id}`, { description: 'New' })
    await call('POST', `/v1/webhook-endpoints/${id}/rotate-secret`)
    await call('DELETE', `/v1/webhook-endpoints/${id}`)
    const rows = await context.database.query<{ action: string; actor: string; line: string }>(
      sql`select action, actor, details::text as line from audit_log where subject = ${id}`,
    )
    assert.deepEqual(
      new Set(rows.map(({ action }) => action)),
      new Set(['created', 'updated', 'secret_rotated', 'deleted'].map((verb) => `webhook_endpoint.${verb}`)),
    )
    assert.ok(rows.every(({ actor, line }) => actor.startsWith('key:key_') && !line.includes(webhook_secret)))
  }))

test('the secret is encrypted at rest', () =>
  story({}, async ({ context, call }) => {
    const { webhook_secret } = (await call('POST', '/v1/webhook-endpoints', { url })).body.data
    const { secret } = await context.database.one<{ secret: Buffer }>(sql`select secret from webhook_endpoints`)
    assert.equal(secret.includes(webhook_secret.slice(6)), false)
  }))

const bad = [
  [{}, 'url'],
  [{ url: '' }, 'url'],
  [{ url: 'shop.example' }, 'url'],
  [{ url: 'ftp://shop.example/' }, 'url'],
  [{ url: 'https://me:secret@shop.example/' }, 'url'],
  [{ url: 'http://127.0.0.1:3000/hook' }, 'url'],
  [{ url: 'http://localhost:3000/hook' }, 'url'],
  [{ url: 'http://169.254.169.254/latest/meta-data' }, 'url'],
  [{ url: 'http://[::ffff:10.0.0.1]/' }, 'url'],
  [{ url: 'http://0x7f000001/' }, 'url'],
  [{ url: `https://shop.example/${'x'.repeat(2_000)}` }, 'url'],
  [{ url: 7 }, 'url'],
  [{ url, events: [] }, 'events'],
  [{ url, events: ['payment.exploded'] }, 'events.0'],
  [{ url, events: 'payment.completed' }, 'events'],
  [{ url, description: 'x'.repeat(201) }, 'description'],
  [{ url, secret: 'mine' }, 'secret'],
] as const
test('an endpoint that cannot be is refused, with the field that is wrong', () =>
  story({}, async ({ context, call }) => {
    for (const [input, param] of bad) {
      const { status, body } = await call('POST', '/v1/webhook-endpoints', input)
      assert.deepEqual(
        [status, body.error?.code, body.error?.param],
        [400, 'invalid_request', param],
        JSON.stringify(input),
      )
    }
    assert.equal((await context.database.query(sql`select from webhook_endpoints`)).length, 0)
    const { id } = (await call('POST', '/v1/webhook-endpoints', { url })).body.data
    const changed = await call('PATCH', `/v1/webhook-endpoints/${id}`, { url: 'http://10.0.0.1/' })
    assert.deepEqual([changed.status, changed.body.error.param], [400, 'url'])
  }))

test("the installation's own machine serves only while nothing is live and nobody else reaches it", () =>
  story({}, async (told) => {
    const { context, call } = told
    const local = { url: 'http://127.0.0.1:3000/hook' }
    context.config.publicUrl = 'http://localhost:4000'
    assert.equal((await call('POST', '/v1/webhook-endpoints', local)).status, 201)
    assert.equal((await call('POST', '/v1/webhook-endpoints', { url: 'http://10.0.0.1/hook' })).status, 400)
    await context.database.query(sql`update provider_accounts set environment = 'live'`)
    assert.equal((await call('POST', '/v1/webhook-endpoints', local)).status, 400)
  }))

test('an address in a private network serves where the installation allows it, in live over plain http too', () =>
  story({ allowedNetworks: ['10.0.0.0/8'] }, async (told) => {
    const { call } = told
    assert.equal((await call('POST', '/v1/webhook-endpoints', { url: 'http://10.0.0.7:3000/hook' })).status, 201)
    const elsewhere = await call('POST', '/v1/webhook-endpoints', { url: 'http://192.168.0.7/hook' })
    assert.match(elsewhere.body.error.message, /in a network listed in ALLOWED_NETWORKS/)
    const live = await callerOf(told, told.merchant.id, 'live')
    assert.equal((await live('POST', '/v1/webhook-endpoints', { url: 'http://10.0.0.7:3000/hook' })).status, 201)
    const plain = await live('POST', '/v1/webhook-endpoints', { url: 'http://41.90.0.7/hook' })
    assert.deepEqual([plain.status, plain.body.error.param], [400, 'url'])
  }))

test('what is live leaves in plain http for no other place than the allowed networks, wherever a name leads later', () =>
  story({ allowedNetworks: ['10.0.0.0/8'] }, async (told) => {
    const live = await callerOf(told, told.merchant.id, 'live')
    const { id } = (await live('POST', '/v1/webhook-endpoints', { url: 'http://10.0.0.7:3000/hook' })).body.data
    await told.context.database.query(sql`update webhook_endpoints set url = 'http://41.90.0.7/hook'`)
    const tested = (await live('POST', `/v1/webhook-endpoints/${id}/test`)).body.data
    assert.equal(tested.error, '41.90.0.7 is not in a private network that this installation allows.')
  }))

test('a live endpoint needs https', () =>
  story({ environment: 'live' }, async ({ call }) => {
    const plain = await call('POST', '/v1/webhook-endpoints', { url: url.replace('https', 'http') })
    assert.equal(plain.status, 400)
    assert.match(plain.body.error.message, /https/)
    const made = await call('POST', '/v1/webhook-endpoints', { url })
    assert.equal(made.body.data.mode, 'live')
  }))

test('a test key sees neither live endpoints nor live events', () =>
  story({ environment: 'live' }, async (told) => {
    const { call, context, merchant } = told
    const test = await callerOf(told, merchant.id, 'test')
    const live = (await call('POST', '/v1/webhook-endpoints', { url })).body.data
    const own = (await test('POST', '/v1/webhook-endpoints', { url })).body.data
    const { id } = await told.pay({ phone: '0708374149' })
    // A live callback from outside Safaricom's addresses is believed once a check has confirmed it.
    await told.advance('80 s')
    await checkPayments.run(context)
    const [event] = (await call('GET', '/v1/events')).body.data
    assert.equal(event.data.payment_id, id)
    const [delivery, ...none] = (await call('GET', '/v1/deliveries')).body.data
    assert.equal(none.length, 0, 'The endpoint for tests is not told of live money.')

    const list = async (caller: typeof test, path: string) =>
      (await caller('GET', path)).body.data.map((row: any) => row.id)
    assert.deepEqual(await list(test, '/v1/webhook-endpoints'), [own.id])
    assert.deepEqual(new Set(await list(call, '/v1/webhook-endpoints')), new Set([live.id, own.id]))
    assert.deepEqual(await list(test, '/v1/events'), [])
    assert.deepEqual(await list(test, '/v1/deliveries'), [])
    for (const [method, path] of pathsOf(live.id, event.id, delivery.id)) {
      assert.equal((await test(method, path, method === 'PATCH' ? {} : undefined)).status, 404, path)
    }
    assert.equal((await context.database.query(sql`select from deliveries`)).length, 1)
  }))

test("a merchant sees nothing of another's endpoints, events and deliveries", () =>
  story({}, async (told) => {
    const { call } = told
    const endpoint = (await call('POST', '/v1/webhook-endpoints', { url })).body.data
    await told.payment((await told.pay({ phone: '0708374149' })).id)
    const [event] = (await call('GET', '/v1/events')).body.data
    const [delivery] = (await call('GET', '/v1/deliveries')).body.data
    const stranger = await callerOf(told, (await createMerchant(told.context, 'Another shop')).id, 'test')
    for (const [method, path] of pathsOf(endpoint.id, event.id, delivery.id)) {
      const answer = await stranger(method, path, method === 'PATCH' ? {} : undefined)
      assert.deepEqual([answer.status, answer.body.error.code], [404, 'not_found'], path)
    }
    for (const path of [
      '/v1/webhook-endpoints',
      '/v1/events',
      '/v1/deliveries',
      '/v1/webhooks/logs',
      `/v1/deliveries?endpoint_id=${endpoint.id}`,
    ]) {
      assert.deepEqual((await stranger('GET', path)).body.data, [], path)
    }
    const many = await stranger('POST', '/v1/deliveries/redeliver', { since: '2020-01-01T00:00:00Z', missed: true })
    assert.equal(many.body.data.redelivered, 0)
    assert.equal((await call('GET', `/v1/webhook-endpoints/${endpoint.id}`)).status, 200)
  }))

function pathsOf(endpointId: string, eventId: string, deliveryId: string) {
  return [
    ['GET', `/v1/webhook-endpoints/${endpointId}`],
    ['PATCH', `/v1/webhook-endpoints/${endpointId}`],
    ['DELETE', `/v1/webhook-endpoints/${endpointId}`],
    ['POST', `/v1/webhook-endpoints/${endpointId}/rotate-secret`],
    ['POST', `/v1/webhook-endpoints/${endpointId}/test`],
    ['GET', `/v1/events/${eventId}`],
    ['POST', `/v1/events/${eventId}/redeliver`],
    ['GET', `/v1/deliveries/${deliveryId}`],
    ['POST', `/v1/deliveries/${deliveryId}/redeliver`],
  ] as const
}

test('reading and writing need their scopes', () =>
  story({}, async (told) => {
    const reader = await callerOf(told, told.merchant.id, 'test', ['webhooks:read'])
    assert.equal((await reader('GET', '/v1/webhook-endpoints')).status, 200)
    assert.equal((await reader('POST', '/v1/webhook-endpoints', { url })).status, 403)
    assert.equal((await reader('PUT', '/v1/merchant/webhook', { url })).status, 403)
    assert.equal((await reader('POST', '/v1/deliveries/redeliver', { status: 'failed' })).status, 403)
    const none = await callerOf(told, told.merchant.id, 'test', ['payments:read'])
    for (const path of ['/v1/webhook-endpoints', '/v1/events', '/v1/deliveries', '/v1/webhooks/logs']) {
      assert.equal((await none('GET', path)).status, 403, path)
    }
  }))

test('lists come in pages, newest first, and take no cursor of another list', () =>
  story({}, async ({ call, clock }) => {
    const ids: string[] = []
    for (let count = 0; count < 5; count++) {
      ids.unshift((await call('POST', '/v1/webhook-endpoints', { url })).body.data.id)
      await clock.advance('1 s')
    }
    const seen: string[] = []
    let cursor = ''
    do {
      const { data, meta } = (await call('GET', `/v1/webhook-endpoints?limit=2${cursor && `&cursor=${cursor}`}`)).body
      seen.push(...data.map((row: any) => row.id))
      assert.equal(meta.has_more, meta.next_cursor !== null)
      cursor = meta.next_cursor
    } while (cursor)
    assert.deepEqual(seen, ids)
    const wrong = await call('GET', `/v1/events?cursor=${ids[0]}`)
    assert.deepEqual([wrong.status, wrong.body.error.code], [400, 'invalid_cursor'])
    assert.equal((await call('GET', '/v1/deliveries?colour=red')).body.error.param, 'colour')
  }))

test('events are found by type, payment and time', () =>
  story({}, async ({ call, pay, payment, clock }) => {
    const first = await payment((await pay({ phone: '0708374149', account_reference: 'A' })).id)
    await clock.advance('10 s')
    const between = clock.now().toISOString()
    await clock.advance('10 s')
    await payment((await pay({ phone: '0708374149', account_reference: 'B' })).id)
    const count = async (query: string) => (await call('GET', `/v1/events${query}`)).body.data.length
    assert.equal(await count(''), 2)
    assert.equal(await count('?type=payment.completed'), 2)
    assert.equal(await count('?type=payment.failed'), 0)
    assert.equal(await count(`?payment_id=${first.id}`), 1)
    assert.equal(await count(`?since=${between}`), 1)
    assert.equal(await count(`?until=${between}`), 1)
  }))

test('a test event is posted at once, signed, and the answer is told', () =>
  story({ clock: manualClock() }, async ({ context, call }) => {
    context.config.publicUrl = 'http://localhost:4000'
    const shop = await openShop()
    try {
      const { id, webhook_secret } = (await call('POST', '/v1/webhook-endpoints', { url: shop.url })).body.data
      const good = await call('POST', `/v1/webhook-endpoints/${id}/test`)
      const { duration_ms, ...told } = good.body.data
      assert.equal(typeof duration_ms, 'number')
      assert.deepEqual(told, { delivered: true, status: 200, error: null, response: 'thanks' })
      const [post] = shop.received
      assert.equal(post!.json.type, 'webhook.test')
      assert.equal(post!.json.data.endpoint_id, id)
      new Webhook(webhook_secret).verify(post!.text, post!.headers as Record<string, string>)

      shop.answer((response) => response.writeHead(500).end('broken\0'))
      const poor = (await call('POST', `/v1/webhook-endpoints/${id}/test`)).body.data
      assert.deepEqual([poor.delivered, poor.status, poor.error], [false, 500, 'The endpoint answered 500.'])
      shop.close()
      const closed = (await call('POST', `/v1/webhook-endpoints/${id}/test`)).body.data
      assert.deepEqual([closed.delivered, closed.status], [false, null])
      assert.match(closed.error, /connection/i)
      assert.equal((await context.database.query(sql`select from events`)).length, 0)
    } finally {
      shop.close()
    }
  }))

test('a merchant has at most 50 endpoints', () =>
  story({}, async ({ context, call }) => {
    const first = (await call('POST', '/v1/webhook-endpoints', { url })).body.data
    await context.database.query(sql`
      insert into webhook_endpoints (merchant_id, id, mode, url, secret, created_at, updated_at)
      select merchant_id, gen_random_uuid(), mode, url, secret, created_at, updated_at
      from webhook_endpoints, generate_series(2, 50)`)
    assert.equal((await call('POST', '/v1/webhook-endpoints', { url })).status, 409)
    await call('DELETE', `/v1/webhook-endpoints/${first.id}`)
    assert.equal((await call('POST', '/v1/webhook-endpoints', { url })).status, 201)
  }))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scene } from '../../testing/scene.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { deliverDue } from './deliver.ts'
import { changeHeaders, complaintOfHeader } from './headers.ts'

test("an endpoint's own headers come with each event, and nobody sees them again", () =>
  scene(async ({ context, call, shop, subscribe, paid }) => {
    const headers = { Authorization: 'Bearer a-long-secret', 'x-route': 'blue' }
    const { id } = await subscribe({ headers })
    await paid()
    await deliverDue(context)
    await call('POST', `/v1/webhook-endpoints/${id}/test`)
    assert.equal(shop.received.length, 2)
    for (const post of shop.received) {
      assert.equal(post.headers.authorization, 'Bearer a-long-secret')
      assert.equal(post.headers['x-route'], 'blue')
      assert.equal(post.headers['content-type'], 'application/json')
    }
    const masked = { Authorization: '****cret', 'x-route': '****' }
    assert.deepEqual((await call('GET', `/v1/webhook-endpoints/${id}`)).body.data.headers, masked)
    assert.deepEqual((await call('GET', '/v1/webhook-endpoints')).body.data[0].headers, masked)
    const kept = await context.database.one<{ headers: Buffer }>(sql`select headers from webhook_endpoints`)
    assert.equal(kept.headers.includes('secret'), false)
    const [line] = await context.database.query<{ details: any }>(
      sql`select details from audit_log where action = 'webhook_endpoint.created'`,
    )
    assert.deepEqual(line!.details.headers, ['Authorization', 'x-route'])
  }))

test('of the headers of an endpoint those that are named change, and the others stay', () =>
  scene(async ({ context, call, shop, subscribe, paid }) => {
    const { id } = await subscribe({ headers: { 'X-A': 'one', 'X-B': 'two' } })
    const change = async (headers: unknown) =>
      (await call('PATCH', `/v1/webhook-endpoints/${id}`, { headers })).body.data?.headers
    assert.deepEqual(await change({ 'x-b': 'three', 'X-C': 'four' }), { 'X-A': '****', 'x-b': '****', 'X-C': '****' })
    assert.deepEqual(await change({ 'X-A': null }), { 'x-b': '****', 'X-C': '****' })
    await paid()
    await deliverDue(context)
    const { 'x-a': a, 'x-b': b, 'x-c': c } = shop.received[0]!.headers
    assert.deepEqual([a, b, c], [undefined, 'three', 'four'])
    assert.deepEqual(await change(null), {})
  }))

test('the headers of one endpoint do not open as those of another', () =>
  scene(async ({ context, call, subscribe }) => {
    const { id } = await subscribe({ headers: { 'X-A': 'one' } })
    const other = await subscribe()
    await everywhere(
      context.database,
      sql`update webhook_endpoints set headers = (select headers from webhook_endpoints where headers is not null)`,
    )
    assert.equal((await call('GET', `/v1/webhook-endpoints/${id}`)).status, 200)
    assert.equal((await call('GET', `/v1/webhook-endpoints/${other.id}`)).status, 500)
  }))

const refused: [name: string, value: string][] = [
  ['', 'x'],
  ['X A', 'x'],
  ['X-A:', 'x'],
  ['X-Ä', 'x'],
  ['X-A\r\nX-B', 'x'],
  ['x'.repeat(101), 'x'],
  ['Content-Type', 'text/plain'],
  ['content-length', '3'],
  ['Host', 'other.example'],
  ['Connection', 'close'],
  ['Transfer-Encoding', 'chunked'],
  ['Upgrade', 'h2c'],
  ['TE', 'trailers'],
  ['Proxy-Authorization', 'Basic eA=='],
  ['X-Event-Type', 'payment.completed'],
  ['X-Payments-Signature', 'sha256=00'],
  ['x-payments-timestamp', '0'],
  ['Webhook-Signature', 'v1,AA=='],
  ['webhook-id', 'evt_1'],
  ['__proto__', 'x'],
  ['X-A', ''],
  ['X-A', ' x'],
  ['X-A', 'x '],
  ['X-A', 'one\r\nX-Payments-Signature: sha256=00'],
  ['X-A', 'one\ntwo'],
  ['X-A', 'one\0'],
  ['X-A', 'é'],
  ['X-A', 'x'.repeat(2_001)],
  ['X-A', '****cret'],
]
for (const [name, value] of refused) {
  const shown = JSON.stringify(`${name}: ${value}`).slice(0, 70)
  test(`${shown} is no header that a merchant may add`, () => assert.ok(complaintOfHeader(name, value)))
}

for (const [name, value] of [
  ['Authorization', 'Bearer abc.def-ghi=='],
  ['X-Api-Key', 'k'],
  ['Cookie', 'a=b; c=d'],
  ['CF-Access-Client-Id', '6f1e'],
] as const) {
  test(`${name} may be added`, () => assert.equal(complaintOfHeader(name, value), undefined))
}

test('a header that may not be added is refused by its name, and more than twenty are', () =>
  scene(async ({ call, shop }) => {
    const make = async (headers: unknown) => call('POST', '/v1/webhook-endpoints', { url: shop.url, headers })
    const wrong = await make({ 'X-Good': 'x', 'Webhook-Id': 'evt_1' })
    assert.deepEqual([wrong.status, wrong.body.error.param], [400, 'headers.Webhook-Id'])
    assert.match(wrong.body.error.message, /set by Lango/)
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`X-${index}`, 'x']))
    assert.deepEqual([(await make(many)).body.error.param, (await make({})).status], ['headers', 201])
    assert.equal((await make({ 'X-A': '1', 'x-a': '2' })).status, 400)
    for (const headers of ['X-A: 1', ['X-A', '1'], { 'X-A': 1 }, { 'X-A': null }]) {
      assert.equal((await make(headers)).status, 400, JSON.stringify(headers))
    }
    // As a parser of JSON makes it: a property of its own.
    const prototype = await call(
      'POST',
      '/v1/webhook-endpoints',
      `{"url": "${shop.url}", "headers": {"__proto__": "x"}}`,
    )
    assert.ok(prototype.status === 400 || Object.keys(prototype.body.data.headers).length === 0)
  }))

test('a change of headers says nothing of the others', () => {
  const before = { Authorization: 'one', 'X-A': 'two' }
  assert.deepEqual(changeHeaders(before, { authorization: 'three' }), { 'X-A': 'two', authorization: 'three' })
  assert.deepEqual(changeHeaders(before, { AUTHORIZATION: null, 'X-NEW': null }), { 'X-A': 'two' })
  assert.deepEqual(changeHeaders(before, {}), before)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFailedAttempts } from '../access/failed-attempts.ts'
import { createNode } from '../node.ts'
import { story } from '../../testing/story.ts'

const methods: [method: string, path: string, allow: string][] = [
  ['DELETE', '/v1/payments', 'GET, POST, HEAD'],
  ['POST', `/v1/payments/pay_${'0'.repeat(32)}`, 'GET, HEAD'],
  ['PATCH', '/v1/refunds', 'GET, POST, HEAD'],
  ['PUT', '/v1/merchant', 'GET, PATCH, HEAD'],
  ['GET', '/v1/in/abc', 'POST'],
  ['POST', '/healthz', 'GET, HEAD'],
]
for (const [method, path, allow] of methods)
  test(`${method} ${path.slice(0, 24)} is told what is taken there`, () =>
    story({}, async ({ call }) => {
      const { status, body, headers } = await call(method, path)
      assert.deepEqual([status, body.error?.code, headers.get('Allow')], [405, 'method_not_allowed', allow])
      assert.match(body.error.message, /takes .*, and not/)
    }))

test('whoever looks at an address for callbacks is told that it takes posts, and asked for no key', () =>
  story({}, async ({ context }) => {
    const { app } = createNode(context)
    for (const path of ['/v1/in/abc', '/v1/in/abc/validation/', '/v1/webhooks/mpesa'])
      for (const method of ['GET', 'PUT']) {
        const { status, headers } = await app.request(path, { method })
        assert.deepEqual([status, headers.get('Allow')], [405, 'POST'], `${method} ${path}`)
      }
  }))

test('where nothing is, nothing is allowed', () =>
  story({}, async ({ call }) => {
    const { status, headers } = await call('DELETE', '/v1/nothing')
    assert.deepEqual([status, headers.get('Allow')], [404, null])
  }))

test('whoever shows ten wrong keys in five minutes is told to wait, and their neighbour with a valid one is not', () =>
  story({}, async ({ context, merchant, clock }) => {
    const { app } = createNode({ ...context, config: { ...context.config, trustedProxies: ['10.0.0.1'] } })
    const ask = (key: string | undefined, address: string, forwardedFor?: string) =>
      app.request(
        '/v1/payments',
        { headers: { ...(key && { 'X-API-Key': key }), ...(forwardedFor && { 'X-Forwarded-For': forwardedFor }) } },
        { incoming: { socket: { remoteAddress: address } } },
      )
    for (let attempt = 1; attempt <= 10; attempt++) {
      assert.equal((await ask(attempt % 2 ? `sk_test_${attempt}` : undefined, '41.90.1.1')).status, 401)
      await clock.advance('10 s')
    }
    const refused = await ask('sk_test_11', '10.0.0.1', '1.2.3.4, 41.90.1.1')
    assert.deepEqual([refused.status, refused.headers.get('Retry-After')], [429, '200'])
    assert.match(((await refused.json()) as any).error.message, /A valid key is taken at any time/)
    assert.equal((await ask(merchant.key, '41.90.1.1')).status, 200)
    assert.equal((await ask('sk_test_11', '41.90.1.2')).status, 401)
    await clock.advance('200 s')
    assert.equal((await ask('sk_test_11', '41.90.1.1')).status, 401)
    assert.equal((await ask('sk_test_11', '41.90.1.1')).status, 429)
  }))

test('of failed attempts from very many addresses few are remembered', () => {
  const failed = createFailedAttempts()
  const now = new Date('2026-11-20T11:30:00Z')
  for (let times = 0; times < 10; times++) failed.add('41.90.1.1', now)
  assert.ok(failed.waitMs('41.90.1.1', now) > 0)
  for (let index = 0; index < 10_000; index++) failed.add(`address ${index}`, now)
  assert.equal(failed.waitMs('41.90.1.1', now), 0)
})

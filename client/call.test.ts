import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { LangoOptions } from './call.ts'
import { createLango, LangoError } from './index.ts'

type Asked = { method: string; path: string; key: string | undefined; body: unknown }

const cut = () => Promise.reject(new TypeError('fetch failed'))
const ok = (data: unknown, meta?: object) => Response.json({ success: true, data, meta })
const failed = (status: number, error: object) =>
  Response.json(
    { success: false, error: { param: null, request_id: 'req_1', docs_url: '/docs/errors#x', ...error } },
    { status },
  )

/** A Lango that answers each request with the next of these answers, and what it was asked. */
function standIn(answers: (() => Response | Promise<Response>)[], options: Partial<LangoOptions> = {}) {
  const asked: Asked[] = []
  const lango = createLango({
    url: 'http://lango.test/',
    key: 'sk_test_1',
    retryDelayMs: 0,
    fetch: (url, { method = 'GET', headers, body }) => {
      const key = new Headers(headers).get('Idempotency-Key') ?? undefined
      asked.push({ method, path: url.replace('http://lango.test', ''), key, body: body && JSON.parse(body as string) })
      return answers.shift()?.() ?? cut()
    },
    ...options,
  })
  return { lango, asked }
}

const error = (code: string) => (thrown: unknown) => thrown instanceof LangoError && thrown.code === code

test('a request that got no answer is repeated with the same idempotency key', async () => {
  const { lango, asked } = standIn([
    cut,
    () => failed(409, { code: 'idempotency_in_progress' }),
    () => ok({ id: 'pay_1' }),
  ])
  assert.deepEqual(await lango.payments.create({ amount: 100 }), { id: 'pay_1' })
  assert.equal(asked.length, 3)
  assert.equal(new Set(asked.map(({ key }) => key)).size, 1)
  assert.match(asked[0]?.key ?? '', /^[0-9a-f-]{36}$/)
})

test('two requests have two keys, and a key that is given is used', async () => {
  const { lango, asked } = standIn([() => ok({}), () => ok({}), () => ok({})])
  await lango.payments.create({ amount: 100 })
  await lango.payments.create({ amount: 100 })
  await lango.refunds.create({ payment_id: 'pay_1' }, { idempotencyKey: 'return-7' })
  assert.notEqual(asked[0]?.key, asked[1]?.key)
  assert.equal(asked[2]?.key, 'return-7')
})

test('a request that never gets an answer names the key with which it may be repeated', async () => {
  const { lango, asked } = standIn([], { retries: 2 })
  await assert.rejects(lango.payments.create({ amount: 100 }), (thrown) => {
    assert.ok(thrown instanceof LangoError)
    assert.equal(thrown.code, 'no_answer')
    assert.equal(thrown.status, undefined)
    assert.equal(thrown.idempotency_key, asked[0]?.key)
    assert.match(thrown.message, /fetch failed.*same idempotency key/)
    return true
  })
  assert.equal(asked.length, 3)
})

test('an attempt that takes too long counts as no answer', async () => {
  const never: LangoOptions['fetch'] = (_, { signal }) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
  const lango = createLango({ url: 'http://lango.test', key: 'sk_test_1', fetch: never, timeoutMs: 10, retries: 0 })
  // The timer of AbortSignal.timeout does not keep a process alive by itself.
  const alive = setInterval(() => undefined, 1_000)
  await assert.rejects(lango.payments.get('pay_1'), /did not answer within 0.01 s/)
  clearInterval(alive)
})

test('what would happen twice is not repeated', async () => {
  const { lango, asked } = standIn([])
  await assert.rejects(lango.webhookEndpoints.create({ url: 'https://shop.example/hook' }), error('no_answer'))
  await assert.rejects(lango.webhookEndpoints.rotateSecret('whe_1'), error('no_answer'))
  await assert.rejects(lango.attention.resolve('pay_1', { note: 'Seen.' }), error('no_answer'))
  await assert.rejects(lango.moneyIn.assign('UKK7X2M4QA', { payment_id: 'pay_1' }), error('no_answer'))
  assert.equal(asked.length, 4)
})

test('a refusal is one error with everything that Lango said, and is not repeated', async () => {
  const refusal = { code: 'duplicate_payment', message: 'The same payment …', payment_id: 'pay_1' }
  const { lango, asked } = standIn([() => failed(409, refusal)])
  await assert.rejects(lango.payments.create({ amount: 100 }, { idempotencyKey: 'order-1' }), {
    name: 'LangoError',
    code: 'duplicate_payment',
    message: 'The same payment …',
    status: 409,
    param: null,
    request_id: 'req_1',
    docs_url: 'http://lango.test/docs/errors#x',
    idempotency_key: 'order-1',
    details: { payment_id: 'pay_1' },
  })
  assert.equal(asked.length, 1)
})

test('a proxy that answers for Lango is recognised, and asked again when it says that Lango is away', async () => {
  const page = (status: number) => () => new Response('<html>Bad gateway</html>', { status })
  const { lango } = standIn([page(502), page(503), () => ok({ id: 'pay_1' })])
  assert.deepEqual(await lango.payments.get('pay_1'), { id: 'pay_1' })
  const { lango: wrong, asked } = standIn([page(200)])
  await assert.rejects(wrong.payments.get('pay_1'), error('unreadable_answer'))
  assert.equal(asked.length, 1)
})

test('a redirect is not followed: a payment would become a list of payments, and the key be told to whoever is there', async (t) => {
  const told: string[] = []
  const there = await serve(t, (request, response) => {
    told.push(`${request.method} with ${String(request.headers['x-api-key'])}`)
    response.end(JSON.stringify({ success: true, data: [] }))
  })
  const url = await serve(t, (_request, response) =>
    response.writeHead(301, { Location: `${there}/v1/payments` }).end('<html>Moved Permanently</html>'),
  )
  const lango = createLango({ url, key: 'sk_test_1' })
  await assert.rejects(lango.payments.create({ amount: 100 }), (thrown) => {
    assert.ok(thrown instanceof LangoError)
    assert.deepEqual([thrown.code, thrown.status], ['unreadable_answer', 301])
    assert.ok(thrown.message.includes(`leads to ${there}/v1/payments`))
    return true
  })
  assert.deepEqual(told, [])
})

/** A server on this machine; where it is. */
async function serve(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('who asks too much waits as long as Lango says, unless that is long', async () => {
  const busy = (retryAfter: string) => () => {
    const response = failed(429, { code: 'too_many_requests', message: 'More is asked …' })
    response.headers.set('Retry-After', retryAfter)
    return response
  }
  const { lango, asked } = standIn([busy('0.01'), () => ok({ id: 'pay_1' }), busy('300')])
  assert.deepEqual(await lango.payments.get('pay_1'), { id: 'pay_1' })
  await assert.rejects(lango.payments.get('pay_1'), { code: 'too_many_requests', retry_after_s: 300 })
  assert.equal(asked.length, 3)
})

test('a list is read page by page, no further than it is used', async () => {
  const pages = [
    () => ok([{ id: 'a' }, { id: 'b' }], { has_more: true, next_cursor: 'b' }),
    () => ok([{ id: 'c' }], { has_more: false, next_cursor: null }),
  ]
  const { lango, asked } = standIn([...pages])
  const ids: string[] = []
  const since = new Date('2026-11-20T00:00:00Z')
  for await (const { id } of lango.payments.list({ status: 'completed', since })) ids.push(id)
  assert.deepEqual(ids, ['a', 'b', 'c'])
  assert.deepEqual(
    asked.map(({ path }) => path),
    ['', '&cursor=b'].map(
      (cursor) => `/v1/payments?limit=100&status=completed&since=2026-11-20T00%3A00%3A00.000Z${cursor}`,
    ),
  )
  const { lango: other, asked: askedOther } = standIn([...pages])
  for await (const { id } of other.payments.list()) if (id === 'b') break
  assert.equal(askedOther.length, 1)
})

test('one page says whether there is another', async () => {
  const { lango, asked } = standIn([() => ok([{ id: 'a' }], { has_more: true, next_cursor: 'a' }), () => ok([])])
  const { data, has_more, next_cursor } = await lango.moneyIn.list({ limit: 1, unmatched: true }).page()
  assert.deepEqual({ data, has_more, next_cursor }, { data: [{ id: 'a' }], has_more: true, next_cursor: 'a' })
  assert.deepEqual(await lango.moneyIn.list().page(next_cursor), { data: [], has_more: false, next_cursor: null })
  assert.deepEqual(
    asked.map(({ path }) => path),
    ['/v1/money-in?limit=1&unmatched=true', '/v1/money-in?cursor=a'],
  )
})

test('what cannot be an address or a key is refused at once', () => {
  assert.throws(() => createLango({ url: 'pay.shop.example', key: 'sk_test_1' }), error('invalid_options'))
  assert.throws(() => createLango({ url: 'http://lango.test', key: 'whsec_1' }), error('invalid_options'))
  assert.throws(
    () => createLango({ url: 'http://lango.test', key: process.env['NO_SUCH_KEY'] as string }),
    /begins with sk_test_/,
  )
})

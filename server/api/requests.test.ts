import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { requestTo } from '../../testing/requests/generate.ts'
import { complaintOfMessage } from '../../testing/requests/judge.ts'
import { operationsOf } from '../../testing/requests/operations.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { newId, showId } from '../id.ts'

const asking = { amount: 250, phone: '0712000031' }

test('null in a field that may be left out means that it is left out, in every request', () =>
  story({}, async (told) => {
    const { body: document } = await told.call('GET', '/v1/openapi.json')
    const withBody = operationsOf(document).filter(({ body, path }) => body && path !== '/v1/webhook-endpoints/{id}')
    assert.ok(withBody.length >= 12)
    for (const { method, path, body } of withBody)
      for (const { properties = {}, required = [] } of body!.oneOf ?? [body!])
        for (const name of Object.keys(properties).filter((name) => !required.includes(name))) {
          const minimal = Object.fromEntries(required.map((name) => [name, properties[name]!.enum?.[0] ?? 'x']))
          const at = path
            .replace('{provider}', 'mpesa')
            .replace('{receipt}', 'UKK7X2M4QA')
            .replace(/\{.*\}/, 'x')
          const [without, withNull] = [
            await told.call(method, at, minimal),
            await told.call(method, at, { ...minimal, [name]: null }),
          ].map(({ status, body: { error } }) => [status, error?.message])
          assert.deepEqual(withNull, without, `${method} ${path} ${name}`)
        }
  }))

test('a payment whose fields are null is the payment without them', () =>
  story({}, async ({ pay }) => {
    const nothing = { account_reference: null, external_reference: null, description: null, metadata: null }
    const customer = { name: null, email: null, phone: null, id_number: null }
    const made = await pay({ ...asking, ...nothing, customer, currency: null, provider: null, return_url: null })
    assert.deepEqual([made.currency, made.provider, made.metadata, made.external_reference], ['KES', 'mpesa', {}, null])
    assert.match(made.account_reference, /^[A-Z2-9]{10}$/)
  }))

test('null inside metadata is what the merchant keeps there', () =>
  story({}, async ({ pay }) => {
    assert.deepEqual((await pay({ ...asking, metadata: { coupon: null } })).metadata, { coupon: null })
  }))

test('a request that says the same in other words is the same request', () =>
  story({}, async ({ call, simulator }) => {
    const headers = { 'Idempotency-Key': 'basket-77' }
    const first = await call('POST', '/v1/payments', { ...asking, metadata: { table: 4, waiter: 'Otieno' } }, headers)
    const again = [
      { metadata: { waiter: 'Otieno', table: 4 }, phone: '0712000031', amount: 250 },
      { ...asking, amount: '250.00', metadata: { table: 4, waiter: 'Otieno' } },
      { ...asking, phone: '+254 712 000 031', metadata: { table: 4, waiter: 'Otieno' }, description: null },
      '{"amount":250.0,"phone":"0712000031","metadata":{"waiter":"Otieno","table":4.0},"currency":"KES"}',
    ]
    for (const body of again) {
      const answer = await call('POST', '/v1/payments', body, headers)
      assert.equal(answer.headers.get('Idempotency-Replayed'), 'true', JSON.stringify(body))
      assert.deepEqual(answer.body, first.body)
    }
    assert.equal(simulator.prompts().length, 1)
    for (const other of [
      { ...asking, amount: 251 },
      { ...asking, metadata: { table: 5 } },
    ])
      assert.equal((await call('POST', '/v1/payments', other, headers)).body.error.code, 'idempotency_key_reused')
  }))

test('a post that needs no body takes an empty one, of whatever type', () =>
  story({}, async ({ call }) => {
    for (const type of ['application/json', 'application/json; charset=utf-8']) {
      const { status } = await call('POST', '/v1/mpesa/c2b/register', '', { 'Content-Type': type })
      assert.equal(status, 200, type)
    }
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '0' }
    assert.equal((await call('POST', '/v1/mpesa/c2b/register', '', form)).status, 200)
    const { body } = await call('POST', '/v1/payments', '')
    assert.deepEqual(
      [body.error.code, body.error.message],
      ['malformed_json', 'The body is empty. Send a JSON object.'],
    )
  }))

test('a filter that is empty, as a form sends it, is not given', () =>
  story({}, async ({ call, pay }) => {
    await pay({ ...asking, account_reference: 'TABLE-4' })
    for (const query of [
      'status=',
      'status=&phone=&search=&since=&min_amount=',
      'search',
      'limit=',
      'status=&search=TABLE',
    ])
      assert.equal((await call('GET', `/v1/payments?${query}`)).body.data?.length, 1, query)
    assert.equal((await call('GET', '/v1/payments?status=&search=CHAIR')).body.data.length, 0)
    const twice = await call('GET', '/v1/payments?status=failed&status=pending')
    assert.match(twice.body.error.message, /^"status" is given several times/)
  }))

const times: [since: string, count: number][] = [
  ['0001-01-01T00:00:00Z', 1],
  ['1969-12-31T23:59:59Z', 1],
  ['1970-01-01', 1],
  ['2026-11-20', 1],
  ['2026-11-20T14:00:00%2B03:00', 1],
  ['2026-11-20T14:00:00+03:00', 1],
  ['2026-11-20T14:40:00+0300', 0],
  ['2026-11-20T06:00:00-05:00', 1],
  ['2026-11-21', 0],
  ['9999-12-31T23:59:59-14:00', 0],
]

test('a list is narrowed by times of any century, and by days in Nairobi', () =>
  story({}, async ({ call, pay, clock }) => {
    assert.equal(clock.now().toISOString(), '2026-11-20T11:30:00.000Z')
    await pay(asking)
    for (const [since, count] of times)
      assert.equal((await call('GET', `/v1/payments?since=${since}`)).body.data?.length, count, since)
    for (const [until, count] of [
      ['2026-11-20', 1],
      ['2026-11-19', 0],
      ['2026-11-20T11:30:00Z', 0],
      ['0001-01-01', 0],
    ])
      assert.equal((await call('GET', `/v1/payments?until=${until}`)).body.data?.length, count, `until ${until}`)
    for (const list of ['payments', 'refunds', 'payouts', 'events', 'money-in'])
      for (const time of ['1066-10-14', '9999-12-31T23:59:59Z'])
        assert.equal((await call('GET', `/v1/${list}?since=${time}&until=${time}`)).status, 200, `${list} ${time}`)
    for (const none of [
      '+012026-01-01T00:00:00Z',
      '12026-01-01',
      '2026-02-30',
      '2026-11-20T25:00:00Z',
      '2026-11-20T14:00',
      'now',
    ]) {
      const { status, body } = await call('GET', `/v1/payments?since=${encodeURIComponent(none)}`)
      assert.deepEqual([status, body.error.param], [400, 'since'], none)
      assert.match(body.error.message, /a day in Nairobi, such as 2026-11-25\.$/)
    }
  }))

test('the day in Nairobi begins three hours before that of Greenwich, and a list until a day has all of it', () =>
  story({}, async ({ call, pay, advance }) => {
    await advance('9 h')
    await pay(asking)
    await advance('31 min')
    await pay({ ...asking, phone: '0712000032' })
    const on = async (day: string) => (await call('GET', `/v1/payments?since=${day}&until=${day}`)).body.data.length
    assert.deepEqual([await on('2026-11-20'), await on('2026-11-21')], [1, 1])
  }))

test('a text that cannot be stored is refused by name', () =>
  story({}, async ({ call }) => {
    const unstorable: [body: string, param: string | null][] = [
      ['{"amount":5,"description":"\\u0000"}', 'description'],
      ['{"amount":5,"metadata":{"note":["fine","\\ud83d"]}}', 'metadata.note.1'],
      ['{"amount":5,"metadata":{"\\udc00":1}}', 'metadata'],
      ['{"amount":5,"external_reference":"a\\uD800b"}', 'external_reference'],
    ]
    for (const [body, param] of unstorable) {
      const answer = await call('POST', '/v1/payments', body)
      assert.deepEqual([answer.status, answer.body.error.param], [400, param], body)
      assert.match(answer.body.error.message, /U\+0000, or half of a character/)
    }
    const whole = await call('POST', '/v1/payments', '{"amount":5,"metadata":{"note":"\\ud83d\\udcb8"}}')
    assert.equal(whole.body.data.metadata.note, '💸')
    for (const path of ['/v1/payments?search=%00', '/v1/payments/%00', '/v1/money-in?account_reference=a%00'])
      assert.equal((await call('GET', path)).status, 400, path)
  }))

test('whoever gives the id of another noun is told which noun it is, and which is wanted', () =>
  story({}, async ({ call, clock }) => {
    const event = showId('evt', newId(clock.now()))
    const message = async (path: string) => (await call('GET', path)).body.error.message
    assert.match(await message(`/v1/payments/${event}`), /is an id of an event, and here one of a payment is asked for/)
    assert.match(
      await message('/v1/payments/ORDER-7'),
      /^"ORDER-7" is not an id of a payment\. An id of a payment is pay_/,
    )
    assert.match(await message('/v1/refunds/ref_12'), /^There is no refund "ref_12"\. An id of a refund is ref_ and 32/)
    assert.match(await message('/v1/payments?invoice_id=pay_1'), /is an id of a payment, and here one of an invoice/)
  }))

const hostile: [what: string, body: string][] = [
  ['100,000 levels', `{"metadata":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['100,000 levels that never end', '['.repeat(100_000)],
  ['a list of 300,000 numbers', `{"metadata":{"a":[${'1,'.repeat(300_000)}1]}}`],
  ['60,000 members', `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join()}}`],
  ['19,000 unknown members', `{${Array.from({ length: 19_000 }, (_, index) => `"k${index}":1`).join()}}`],
  ['19,000 names in metadata that are too long', metadataOf((index) => `${'x'.repeat(41)}${index}`)],
  ['19,000 scopes that there are not', JSON.stringify({ name: 'x', scopes: Array(19_000).fill('all') })],
  ['a text of 1 MB', `{"amount":"${'9'.repeat(1_000_000)}"}`],
  ['a text of 1 MB in escapes', `{"amount":"${'\\u0039'.repeat(170_000)}"}`],
]

function metadataOf(name: (index: number) => string): string {
  return JSON.stringify({
    amount: 5,
    metadata: Object.fromEntries(Array.from({ length: 19_000 }, (_, i) => [name(i), 1])),
  })
}

test('a body that is made to cost its reader dear is refused at once, with a sentence', () =>
  story({}, async ({ call }) => {
    for (const [what, body] of hostile)
      for (const path of ['/v1/payments', '/v1/api-keys', '/v1/webhook-endpoints']) {
        const before = process.cpuUsage()
        const { status, body: answer } = await call('POST', path, body)
        const { user, system } = process.cpuUsage(before)
        const ms = (user + system) / 1_000
        assert.equal(status, 400, what)
        assertSentence(answer.error.message, what)
        assert.ok(ms < 1_000, `${what} cost ${ms} ms of the processor`)
      }
  }))

test('whatever is asked of any route, the answer is no 5xx, and what is refused is refused in a sentence of ours', () =>
  story({}, async (told) => {
    await somethingOfEach(told)
    const { body: document } = await told.call('GET', '/v1/openapi.json')
    for (const operation of operationsOf(document))
      await fc.assert(
        fc.asyncProperty(requestTo(operation, known), async ({ method, path, headers, body }) => {
          const answer = await told.call(method, path, body, headers)
          const about = `${method} ${path} ${String(body).slice(0, 500)}: ${JSON.stringify(answer.body)}`
          assert.ok(answer.status < 500 || answer.body.error.code === 'provider_unavailable', about)
          if (answer.status >= 400) assertSentence(answer.body.error.message, about)
        }),
        { numRuns: 25, seed: 20261125 },
      )
  }))

let known: string[] = []

async function somethingOfEach({ call, pay }: Story): Promise<void> {
  const payment = await pay({ phone: '254708374149' })
  const key = await call('POST', '/v1/api-keys', { name: 'to be ended', scopes: ['payments:read'] })
  const endpoint = await call('POST', '/v1/webhook-endpoints', { url: 'https://example.com/hook' })
  known = [payment.id, key.body.data.id, endpoint.body.data?.id ?? 'whe_', 'UKK7X2M4QA']
}

function assertSentence(message: string, about: string): void {
  assert.equal(complaintOfMessage(message), undefined, about)
}

test('every answer says that it is what it says, and is kept by nobody', () =>
  story({}, async ({ call, post }) => {
    const answers = [
      await call('GET', '/v1/payments'),
      await call('POST', '/v1/payments', '{'),
      await call('GET', '/v1/nothing'),
      await call('GET', '/healthz'),
      await post('/v1/webhooks/mpesa', { Body: 'none' }),
    ]
    for (const { headers } of answers)
      assert.deepEqual([headers.get('X-Content-Type-Options'), headers.get('Cache-Control')], ['nosniff', 'no-store'])
  }))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { configureAccount } from '../accounts/configure.ts'
import { createKey } from '../access/key.ts'
import { createMerchant } from '../merchants/merchant.ts'
import { story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'

const good = { amount: 100, phone: '0712345678', provider: 'mpesa', currency: 'KES' }

const bad: [what: string, body: unknown, status: number, code: string, param: string | null][] = [
  ['malformed JSON', '{"amount": 1', 400, 'malformed_json', null],
  ['a list for an object', '[]', 400, 'invalid_request', null],
  ['no amount', { ...good, amount: undefined }, 400, 'invalid_request', 'amount'],
  ['an amount of 0', { ...good, amount: 0 }, 400, 'invalid_amount', 'amount'],
  ['half a shilling', { ...good, amount: 0.5 }, 400, 'amount_not_whole', 'amount'],
  ['a negative amount', { ...good, amount: -1 }, 400, 'invalid_amount', 'amount'],
  ['one shilling too many', { ...good, amount: 250_001 }, 400, 'invalid_amount', 'amount'],
  ['an amount beyond all numbers', '{"amount":1e309,"phone":"0712345678"}', 400, 'invalid_request', 'amount'],
  ['a very large number', { ...good, amount: 1e20 }, 400, 'invalid_amount', 'amount'],
  ['an amount in words', { ...good, amount: 'hundred' }, 400, 'invalid_amount', 'amount'],
  ['an amount as an object', { ...good, amount: {} }, 400, 'invalid_request', 'amount'],
  ['a phone in words', { ...good, phone: 'Amina' }, 400, 'invalid_phone', 'phone'],
  ['a phone that is too short', { ...good, phone: '071234567' }, 400, 'invalid_phone', 'phone'],
  ['a phone that is too long', { ...good, phone: '07123456789' }, 400, 'invalid_phone', 'phone'],
  ['a landline', { ...good, phone: '0202222222' }, 400, 'invalid_phone', 'phone'],
  ['a foreign phone', { ...good, phone: '+15551234567' }, 400, 'invalid_phone', 'phone'],
  ['a phone as a number of too many digits', { ...good, phone: 7123456789 }, 400, 'invalid_phone', 'phone'],
  ['a phone as a list', { ...good, phone: ['0712345678'] }, 400, 'invalid_request', 'phone'],
  ['a blank reference', { ...good, account_reference: ' ' }, 400, 'invalid_reference', 'account_reference'],
  ['an unknown provider', { ...good, provider: 'paypal' }, 400, 'invalid_request', 'provider'],
  ['another currency', { ...good, currency: 'USD' }, 400, 'invalid_request', 'currency'],
  ['an unknown field', { ...good, ammount: 5 }, 400, 'invalid_request', 'ammount'],
  [
    'a reference that is too long',
    { ...good, account_reference: 'THIRTEEN-CHAR' },
    400,
    'invalid_reference',
    'account_reference',
  ],
  ['a reference with symbols', { ...good, account_reference: 'A&B' }, 400, 'invalid_reference', 'account_reference'],
  ['a description that is too long', { ...good, description: 'x'.repeat(201) }, 400, 'invalid_request', 'description'],
  ['metadata that is no object', { ...good, metadata: 'cart' }, 400, 'invalid_request', 'metadata'],
  ['a callback address that is none', { ...good, callback_url: 'nowhere' }, 400, 'invalid_request', 'callback_url'],
  ['an empty callback address', { ...good, callback_url: '' }, 400, 'invalid_request', 'callback_url'],
  [
    'a callback address of ours where nobody hears',
    { ...good, callback_url: 'http://lango.test/shop' },
    400,
    'invalid_request',
    'callback_url',
  ],
  [
    'one of ours with a query',
    { ...good, callback_url: 'http://lango.test/v1/webhooks/mpesa?order=7' },
    400,
    'invalid_request',
    'callback_url',
  ],
  [
    'one of ours with a fragment',
    { ...good, callback_url: 'http://lango.test/v1/in#7' },
    400,
    'invalid_request',
    'callback_url',
  ],
  ['an empty body', '', 400, 'malformed_json', null],
  ['a body over 1 MB', { ...good, description: 'x'.repeat(1_100_000) }, 413, 'body_too_large', null],
]

test('bad requests get a clear 4xx that names the field, and store nothing', () =>
  story({}, async ({ call, context }) => {
    for (const [what, body, status, code, param] of bad) {
      const answer = await call('POST', '/v1/payments', body)
      assert.equal(answer.status, status, `${what}: ${JSON.stringify(answer.body)}`)
      assert.equal(answer.body.success, false, what)
      assert.equal(answer.body.error.code, code, what)
      assert.equal(answer.body.error.param, param, what)
      assert.equal(answer.body.error.request_id, answer.headers.get('X-Request-Id'), what)
      assert.match(answer.body.error.message, /\.$/, what)
    }
    const { count } = await context.database.one<{ count: number }>(
      sql`select (select count(*) from payments) + (select count(*) from idempotency) as count`,
    )
    assert.equal(count, 0)
  }))

test('a body that says itself that it is over 1 MB is refused unread', () =>
  story({}, async ({ call }) => {
    const { status, body } = await call('POST', '/v1/payments', good, { 'Content-Length': '1100000' })
    assert.equal(status, 413)
    assert.equal(body.error.code, 'body_too_large')
  }))

test('no input whatever makes a 5xx', () =>
  story({}, async ({ call }) => {
    const key = fc.constantFrom(
      'amount',
      'phone',
      'provider',
      'currency',
      'account_reference',
      'description',
      'metadata',
      'customer',
      'x',
    )
    const body = fc.oneof(fc.dictionary(key, fc.jsonValue()), fc.jsonValue(), fc.string())
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        const { status } = await call('POST', '/v1/payments', typeof value === 'string' ? value : JSON.stringify(value))
        assert.ok(status < 500)
      }),
      { numRuns: 150 },
    )
    for (const path of [
      '/v1/payments/pay_x',
      '/v1/payments/%00',
      '/v1/payments?limit=0',
      '/v1/payments?cursor=%F0%9F',
      '/v1/payments?since=soon',
      '/v1/payments?search=%25%00',
      '/v1/payments?status=paid',
      '/v1/nothing',
    ]) {
      const { status, body: answer } = await call('GET', path)
      assert.ok(status >= 400 && status < 500, `${path} ${JSON.stringify(answer)}`)
    }
  }))

test('without a key, with a wrong key or without the scope, nothing is done', () =>
  story({}, async ({ call, context, merchant }) => {
    assert.equal((await call('POST', '/v1/payments', good, { 'X-API-Key': '' })).status, 401)
    assert.equal((await call('POST', '/v1/payments', good, { 'X-API-Key': 'sk_test_wrong' })).status, 401)
    const { key } = await createKey(context, {
      merchant_id: merchant.id,
      name: 'reader',
      mode: 'test',
      scopes: ['payments:read'],
    })
    assert.equal(
      (await call('GET', '/v1/payments', undefined, { 'X-API-Key': '', Authorization: `Bearer ${key}` })).status,
      200,
    )
    const refused = await call('POST', '/v1/payments', good, { 'X-API-Key': key })
    assert.equal(refused.status, 403)
    assert.match(refused.body.error.message, /payments:write/)
  }))

test('a key reaches only the objects of its own merchant', () =>
  story({}, async (told) => {
    const mine = await told.pay()
    const other = await createMerchant(told.context, 'Another shop')
    const { key } = await createKey(told.context, {
      merchant_id: other.id,
      name: 'other',
      mode: 'test',
      scopes: ['payments:read', 'payments:write', 'merchant:read'],
    })
    const asOther = { 'X-API-Key': key }
    for (const path of [`/v1/payments/${mine.id}`, `/v1/payments/${mine.id}/evidence`])
      assert.equal((await told.call('GET', path, undefined, asOther)).status, 404)
    assert.equal((await told.call('POST', `/v1/payments/${mine.id}/check`, undefined, asOther)).status, 404)
    assert.deepEqual((await told.call('GET', '/v1/payments', undefined, asOther)).body.data, [])
    const without = await told.call('POST', '/v1/payments', good, asOther)
    assert.equal(without.status, 422)
    assert.equal(without.body.error.code, 'provider_not_configured')
  }))

test('a request that is repeated with its key gets the first answer again', () =>
  story({}, async ({ call, simulator }) => {
    const headers = { 'Idempotency-Key': 'order-204' }
    const first = await call('POST', '/v1/payments', good, headers)
    const again = await call('POST', '/v1/payments', good, headers)
    assert.equal(again.headers.get('Idempotency-Replayed'), 'true')
    assert.deepEqual(again.body, first.body)
    assert.equal(simulator.prompts().length, 1)
    const other = await call('POST', '/v1/payments', { ...good, amount: 101 }, headers)
    assert.equal(other.status, 422)
    assert.equal(other.body.error.code, 'idempotency_key_reused')
  }))

test('of many requests with one key at once, one is carried out', () =>
  story({}, async ({ call, simulator }) => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('POST', '/v1/payments', good, { 'Idempotency-Key': 'once' })),
    )
    assert.equal(simulator.prompts().length, 1)
    assert.deepEqual([...new Set(answers.map(({ status }) => status))].sort(), [201, 409])
    assert.ok(answers.every(({ status, body }) => status === 201 || body.error.code === 'idempotency_in_progress'))
  }))

test('without a key, a second payment like the first within a minute is refused, until the first has failed', () =>
  story({}, async ({ call, simulator, advance, payment }) => {
    const first = await call('POST', '/v1/payments', good)
    const second = await call('POST', '/v1/payments', good)
    assert.equal(second.status, 409)
    assert.equal(second.body.error.code, 'duplicate_payment')
    assert.equal(second.body.error.payment_id, first.body.data.id)
    assert.equal(
      (await call('POST', '/v1/payments', { ...good, account_reference: 'OTHER', phone: '0799000120' })).status,
      201,
    )
    simulator.phones.get('0712345678').cancel()
    assert.equal((await payment(first.body.data.id)).status, 'failed')
    assert.equal((await call('POST', '/v1/payments', good)).status, 201, 'released when the first failed')
    await advance('61 s')
    assert.equal((await call('POST', '/v1/payments', good)).status, 201, 'and after a minute')
  }))

test('a merchant may turn the guard against a second payment off', () =>
  story({}, async ({ call }) => {
    const changed = await call('PATCH', '/v1/merchant', { duplicate_guard: false })
    assert.equal(changed.body.data.duplicate_guard, false)
    const paying = { ...good, phone: '254708374149' }
    for (let count = 0; count < 2; count++) assert.equal((await call('POST', '/v1/payments', paying)).status, 201)
  }))

test('of many payments alike at once without a key, one is carried out', () =>
  story({}, async ({ call }) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => call('POST', '/v1/payments', good)))
    assert.equal(answers.filter(({ status }) => status === 201).length, 1)
    assert.ok(answers.every(({ status, body }) => status === 201 || body.error.code === 'duplicate_payment'))
  }))

test('an external reference belongs to one payment, also when many ask at once', () =>
  story({}, async ({ call }) => {
    const ask = (index: number) =>
      call(
        'POST',
        '/v1/payments',
        { ...good, phone: `07120000${index}`, external_reference: 'order-7' },
        { 'Idempotency-Key': `key-${index}` },
      )
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => ask(10 + index)))
    const made = answers.filter(({ status }) => status === 201)
    assert.equal(made.length, 1)
    for (const { status, body } of answers) {
      if (status === 201) continue
      assert.equal(body.error.code, 'duplicate_external_reference')
      assert.equal(body.error.payment_id, made[0]!.body.data.id)
    }
  }))

test('the list is paged, newest first, and filtered', () =>
  story({}, async ({ call, pay, clock, advance }) => {
    const ids: string[] = []
    for (let index = 0; index < 7; index++) {
      ids.unshift(
        (await pay({ amount: 100 + index, phone: `07130000${10 + index}`, account_reference: `INV-${index}` })).id,
      )
      await advance('1 s')
    }
    const first = await call('GET', '/v1/payments?limit=4')
    assert.deepEqual(
      first.body.data.map(({ id }: any) => id),
      ids.slice(0, 4),
    )
    assert.equal(first.body.meta.has_more, true)
    const rest = await call('GET', `/v1/payments?limit=4&cursor=${first.body.meta.next_cursor}`)
    assert.deepEqual(
      rest.body.data.map(({ id }: any) => id),
      ids.slice(4),
    )
    assert.deepEqual(rest.body.meta, { has_more: false, next_cursor: null })
    const found = async (query: string) => (await call('GET', `/v1/payments?${query}`)).body.data.length
    assert.equal(await found('search=INV-3'), 1)
    assert.equal(await found('search=0713'), 7)
    assert.equal(await found(`search=${ids[2]}`), 1)
    assert.equal(await found('status=completed'), 0)
    assert.equal(await found('min_amount=103&max_amount=104'), 2)
    assert.equal(await found('phone=0713000012'), 1)
    assert.equal(await found(`since=${new Date(clock.now().getTime() - 2500).toISOString()}`), 2)
  }))

test('every list takes a limit, and no cursor but its own', () =>
  story({}, async ({ call }) => {
    const { body: document } = await call('GET', '/v1/openapi.json')
    const lists = Object.entries<any>(document.paths).filter(
      ([path, { get }]) => !path.includes('{') && get?.parameters?.some(({ name }: any) => name === 'cursor'),
    )
    assert.ok(lists.length > 14, `There are only ${lists.length}.`)
    for (const [path] of lists) {
      const first = await call('GET', `/v1${path}?limit=1`)
      assert.deepEqual(Object.keys(first.body), ['success', 'data', 'meta'], path)
      for (const query of ['limit=0', 'limit=101', 'limit=many'])
        assert.equal((await call('GET', `/v1${path}?${query}`)).body.error.param, 'limit', `${path}?${query}`)
      for (const cursor of ['', 'usr_0193a6c177b27d0e8f21c4d5e6f70812', '0193a6c1-77b2-7d0e-8f21-c4d5e6f70812']) {
        const { status, body } = await call('GET', `/v1${path}?cursor=${cursor}`)
        assert.deepEqual([status, body.error?.code], [400, 'invalid_cursor'], `${path}?cursor=${cursor}`)
      }
    }
  }))

test("an account's secrets are sealed in the database and masked outside", () =>
  story({}, async ({ call, context }) => {
    const mpesa = {
      env: 'simulator',
      consumer_key: 'a-consumer-key',
      consumer_secret: 'a-consumer-secret',
      passkey: 'a-very-secret-passkey',
      shortcode: '600000',
    }
    const set = await call('PUT', '/v1/merchant/providers/mpesa', { provider: 'mpesa', mpesa })
    assert.equal(set.body.data.config_summary.passkey, '****skey')
    const shown = await call('GET', '/v1/merchant/providers/mpesa')
    assert.ok(!JSON.stringify(shown.body).includes('very-secret'))
    const dump = await context.database.query<{ text: string }>(
      sql`select encode(credentials, 'escape') as text from provider_accounts`,
    )
    assert.equal(dump.length, 2, 'another short code is another account, and the old one stays')
    assert.ok(dump.every(({ text }) => !text.includes('secret')))
  }))

test('a test key neither configures nor uses a live account', () =>
  story({}, async ({ call, context, merchant }) => {
    const mpesa = { env: 'live', consumer_key: 'k', consumer_secret: 's', passkey: 'p', shortcode: '600000' }
    assert.equal((await call('PUT', '/v1/merchant/providers/mpesa', { provider: 'mpesa', mpesa })).status, 403)
    await configureAccount(
      { ...context, actor: 'user:owner', isOwner: true },
      {
        merchant_id: merchant.id,
        provider: 'mpesa',
        environment: 'live',
        shortcode: '600000',
        till: null,
        type: 'paybill',
        credentials: { consumer_key: 'k', consumer_secret: 's', passkey: 'p' },
      },
    )
    assert.equal((await call('POST', '/v1/payments', good)).status, 403)
  }))

test('the OpenAPI document lists every route of the API', () =>
  story({}, async ({ call }) => {
    const { body } = await call('GET', '/v1/openapi.json')
    assert.equal(body.openapi, '3.1.0')
    for (const path of [
      '/payments',
      '/payments/{id}',
      '/payments/{id}/evidence',
      '/payments/{id}/check',
      '/merchant/providers/{provider}',
      '/webhook-endpoints',
    ]) {
      assert.ok(path in body.paths, path)
    }
  }))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Settings } from '../settings.ts'
import { askToPay, post, pushBody, query } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { assertShape, fixture, words } from '../testing/recordings.ts'

// Every body that the simulator sends has the shape of a recorded body: the same keys in the same order, the same JSON
// types. The client is held to the same recordings, so that neither side can agree with the other on an error.

const inFlight: [Settings['in_flight_query'], string][] = [
  ['4999', 'stk-query.processing'],
  ['empty', 'stk-query.flake'],
]

test('OAuth', async () => {
  const { simulator } = merchant()
  const ask = async (grant: string, headers = { Authorization: `Basic ${btoa('key:secret')}` }): Promise<unknown> =>
    (await simulator.fetch(`/oauth/v1/generate?grant_type=${grant}`, { headers })).json()
  assertShape(await ask('client_credentials'), 'oauth')
  simulator.settings.set({ expires_in: 'number' })
  assertShape(await ask('client_credentials'), 'oauth.number')
  assert.deepEqual(words(await ask('password')), words(fixture('oauth.refused.grant-type')))
  assert.deepEqual(
    words(await ask('client_credentials', { Authorization: '' })),
    words(fixture('oauth.refused.not-basic')),
  )
})

test('STK push and its refusals, word for word', async () => {
  const { simulator } = merchant()
  assertShape((await askToPay(simulator)).answer, 'stk-push.accepted')
  for (const [changes, name] of [
    [{ BusinessShortCode: 'x' }, 'invalid-short-code'],
    [{ Timestamp: 'x' }, 'invalid-timestamp'],
    [{ CallBackURL: 'x' }, 'invalid-callback-url'],
    [{ TransactionDesc: '' }, 'invalid-remarks'],
    [{ BusinessShortCode: '999999' }, 'merchant-does-not-exist'],
    [{ Password: 'AAAA' }, 'wrong-credentials'],
  ] as const) {
    const { answer } = await askToPay(simulator, changes)
    assert.deepEqual(words(answer), words(fixture(`stk-push.refused.${name}`)), name)
  }
  await askToPay(simulator, { PhoneNumber: '254712345678' })
  const locked = await askToPay(simulator, { PhoneNumber: '254712345678' })
  assert.deepEqual(words(locked.answer), words(fixture('stk-push.refused.unable-to-lock-subscriber')))
})

test('the gateway, word for word', async () => {
  const { simulator } = merchant()
  const push = '/mpesa/stkpush/v1/processrequest'
  assert.deepEqual(words((await post(simulator, '/nothing', {})).body), words(fixture('gateway.not-found')))
  assert.deepEqual(words((await post(simulator, push, '{')).body), words(fixture('gateway.payload')))
  assert.deepEqual(words(await (await simulator.fetch(push)).json()), words(fixture('gateway.method')))
  const bad = await post(simulator, push, pushBody(), { token: 'bad' })
  assert.deepEqual(words(bad.body), words(fixture('token.refused.404.001.03')))
  for (const [fault, name] of [
    ['spike_arrest', 'gateway.spike-arrest'],
    ['http_500', 'gateway.internal-error'],
  ] as const) {
    simulator.faults.set({ rules: [{ api: 'stkpush', fault, probability: 1 }] })
    assert.deepEqual(words((await askToPay(simulator)).answer), words(fixture(name)))
  }
})

test('STK query in its states', async () => {
  const { simulator } = merchant()
  const { answer } = await askToPay(simulator, { PhoneNumber: '254712345678' })
  const ask = async () => (await query(simulator, String(answer.CheckoutRequestID))).body
  for (const [in_flight_query, name] of inFlight) {
    simulator.settings.set({ in_flight_query })
    assertShape(await ask(), name)
  }
  simulator.phones.get('0712345678').cancel()
  assertShape(await ask(), 'stk-query.cancelled')
  assert.deepEqual(words((await query(simulator, 'x')).body), words(fixture('stk-query.invalid-id')))
  const nowhere = await query(simulator, 'ws_CO_201120262015051712345678')
  assert.deepEqual(words(nowhere.body), words(fixture('stk-query.does-not-exist')))
})

test('STK callbacks: the values of a payment, and of a failure nothing but its code', async () => {
  const { simulator, callbacks } = merchant()
  await askToPay(simulator)
  await simulator.settled()
  assertShape(callbacks()[0], 'stk-callback.success')
  for (const [PhoneNumber, name] of [
    ['254700001037', 'no-response'],
    ['254700000001', 'insufficient-funds'],
    ['254700001019', 'expired'],
    ['254700002001', 'wrong-pin'],
    ['254700003008', 'bad-debt'],
  ] as const) {
    await askToPay(simulator, { PhoneNumber })
    await simulator.settled()
    assertShape(callbacks().at(-1), `stk-callback.${name}`)
  }
})

test('C2B in both versions: registered, refused, simulated, validated, confirmed', async () => {
  const { simulator, callbacks } = merchant()
  const urls = {
    ShortCode: '600984',
    ResponseType: 'Completed',
    ConfirmationURL: 'https://shop.example/confirm',
    ValidationURL: 'https://shop.example/validate',
  }
  const ask = async (path: string, body: object) => (await post(simulator, `/mpesa/c2b/${path}`, body)).body
  const payment = {
    ShortCode: 600984,
    CommandID: 'CustomerPayBillOnline',
    Amount: 1,
    Msisdn: 254708374149,
    BillRefNumber: 'Test',
  }

  assertShape(await ask('v2/registerurl', urls), 'c2b-register.accepted')
  assertShape(await ask('v2/simulate', payment), 'c2b-simulate.accepted')
  await simulator.settled()
  assertShape(callbacks()[0], 'c2b-validation')
  assertShape(callbacks()[1], 'c2b-confirmation')
  await ask('v2/simulate', { ...payment, CommandID: 'CustomerBuyGoodsOnline', BillRefNumber: null })
  await simulator.settled()
  assertShape(callbacks().at(-1), 'c2b-confirmation.till')

  await ask('v1/registerurl', urls)
  assertShape(await ask('v1/simulate', payment), 'c2b-simulate.accepted.v1')
  await simulator.settled()
  assertShape(callbacks().at(-1), 'c2b-confirmation.v1')

  const forbidden = await ask('v2/registerurl', { ...urls, ConfirmationURL: 'https://shop.example/mpesa' })
  assert.deepEqual(words(forbidden), words(fixture('c2b-register.refused.bad-request')))
  simulator.settings.set({ c2b_registration: 'once' })
  assert.deepEqual(words(await ask('v2/registerurl', urls)), words(fixture('c2b-register.already')))
  assert.deepEqual(await ask('v1/registerurl', urls), fixture('c2b-register.already.v1'))
})

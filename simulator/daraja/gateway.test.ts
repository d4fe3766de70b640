import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askToPay, password, post, pushBody, query, tokenOf } from '../testing/daraja.ts'
import { merchant, put, startTime } from '../testing/merchant.ts'

const push = '/mpesa/stkpush/v1/processrequest'
const basic = (pair: string) => ({ Authorization: `Basic ${btoa(pair)}` })
const oauth = '/oauth/v1/generate?grant_type=client_credentials'

test('a token is 28 letters and digits, and says its life as text', async () => {
  const { simulator } = merchant()
  const body = (await (await simulator.fetch(oauth, { headers: basic('key:secret') })).json()) as Record<
    string,
    unknown
  >
  assert.match(String(body.access_token), /^[A-Za-z0-9]{28}$/)
  assert.equal(body.expires_in, '3599')
})

test('OAuth refuses: no Basic, another grant, wrong keys with an empty 400, another verb', async () => {
  const { simulator } = merchant()
  const ask = async (path: string, init: RequestInit) => {
    const response = await simulator.fetch(path, init)
    const text = await response.text()
    return [response.status, text && (JSON.parse(text) as { errorCode: string }).errorCode]
  }
  assert.deepEqual(await ask(oauth, {}), [400, '400.008.01'])
  assert.deepEqual(await ask('/oauth/v1/generate', { headers: basic('key:secret') }), [400, '400.008.02'])
  assert.deepEqual(await ask(oauth, { headers: basic('wrong:secret') }), [400, ''])
  assert.deepEqual(await ask(oauth, { headers: basic('key:wrong') }), [400, ''])
  assert.deepEqual(await ask(oauth, { method: 'POST', headers: basic('key:secret') }), [405, '405.001'])
})

test('each family refuses a bad token in its own words', async () => {
  const { simulator } = merchant()
  const pushed = await post(simulator, push, pushBody(), { token: 'bad' })
  assert.deepEqual(
    [pushed.status, pushed.body.errorCode, pushed.body.errorMessage],
    [404, '404.001.03', 'Invalid Access Token'],
  )
  const queried = await post(simulator, '/mpesa/stkpushquery/v1/query', {}, { token: 'bad' })
  assert.deepEqual([queried.status, queried.body.errorCode], [400, '400.003.01'])
})

test('a token lives an hour', async () => {
  const { simulator, clock } = merchant()
  const token = await tokenOf(simulator)
  await clock.advance('59 minutes')
  assert.equal((await askToPay(simulator, {}, { token })).status, 200)
  await clock.advance('61 s')
  assert.equal((await askToPay(simulator, {}, { token })).answer.errorCode, '404.001.03')
})

test('where the latest token wins, the one before it is dead', async () => {
  const { simulator } = merchant({ settings: { latest_token_wins: true } })
  const [first, second] = [await tokenOf(simulator), await tokenOf(simulator)]
  assert.equal((await askToPay(simulator, {}, { token: first })).status, 404)
  assert.equal((await askToPay(simulator, {}, { token: second })).status, 200)
})

test('an unknown path is not found, and a wrong verb is refused', async () => {
  const { simulator } = merchant()
  const unknown = await post(simulator, '/mpesa/nothing/v1', {})
  assert.deepEqual([unknown.status, unknown.body.errorMessage], [404, 'Resource not found'])
  assert.equal((await simulator.fetch(push)).status, 405)
  const queried = await simulator.fetch('/mpesa/stkpushquery/v1/query')
  assert.deepEqual([queried.status, ((await queried.json()) as { errorCode: string }).errorCode], [404, '404.001.04'])
})

const badFields: [string, Record<string, unknown>][] = [
  ['BusinessShortCode', { BusinessShortCode: '1234' }],
  ['Password', { Password: 'not base64!' }],
  ['Timestamp', { Timestamp: '20260231101010' }],
  ['Timestamp', { Timestamp: '2026-11-20' }],
  ['TransactionType', { TransactionType: 'CustomerPayBill' }],
  ['TransactionType', { TransactionType: 'CustomerBuyGoodsOnline' }],
  ['Amount', { Amount: 0 }],
  ['Amount', { Amount: '1.5' }],
  ['Amount', { Amount: -1 }],
  ['PartyA', { PartyA: '0712345678' }],
  ['PartyB', { PartyB: 'shop' }],
  ['PhoneNumber', { PhoneNumber: '+254712345678', PartyA: '254712345678' }],
  ['CallBackURL', { CallBackURL: 'https://<your-host>/hook' }],
  ['CallBackURL', { CallBackURL: 'shop' }],
  ['AccountReference', { AccountReference: '' }],
  ['Remarks', { TransactionDesc: undefined }],
  ['BusinessShortCode', { BusinessShortCode: null, Amount: 0 }],
]
for (const [field, changes] of badFields) {
  test(`the first bad field is named: ${field} for ${JSON.stringify(changes)}`, async () => {
    const { simulator, callbacks } = merchant()
    const { status, answer } = await askToPay(simulator, changes)
    assert.deepEqual(
      [status, answer.errorCode, answer.errorMessage],
      [400, '400.002.02', `Bad Request - Invalid ${field}`],
    )
    await simulator.settled()
    assert.equal(callbacks().length, 0)
  })
}

test('numbers and texts are both taken, as the portal mixes them', async () => {
  const { simulator } = merchant()
  const numbers = {
    BusinessShortCode: 174379,
    Amount: '3',
    PartyA: 254708374149,
    PhoneNumber: 254708374149,
    PartyB: 174379,
  }
  assert.equal((await askToPay(simulator, numbers)).status, 200)
})

test('without its content type the gateway does not see the body', async () => {
  const { simulator } = merchant()
  const headers = { Authorization: `Bearer ${await tokenOf(simulator)}`, 'Content-Type': 'text/plain' }
  const response = await simulator.fetch(push, { method: 'POST', headers, body: JSON.stringify(pushBody()) })
  const { errorMessage } = (await response.json()) as { errorMessage: string }
  assert.equal(errorMessage, 'Bad Request - Invalid BusinessShortCode')
})

test('what is no JSON is an invalid payload', async () => {
  const { simulator } = merchant()
  for (const body of ['{"a":', '"text"', '[1]']) {
    const { status, body: answer } = await post(simulator, push, body)
    assert.deepEqual([status, answer.errorCode], [400, '400.002.05'], body)
  }
})

test('an unknown merchant and a password of another passkey are refused', async () => {
  const { simulator } = merchant()
  const missing = await askToPay(simulator, { BusinessShortCode: '999999' })
  assert.deepEqual([missing.status, missing.answer.errorMessage], [500, 'Merchant does not exist'])
  simulator.organisations.set('600100', { passkey: 'its-own' })
  const wrong = await askToPay(simulator, { BusinessShortCode: '600100', PartyB: '600100' })
  assert.deepEqual(
    [wrong.status, wrong.answer.errorCode, wrong.answer.errorMessage],
    [500, '500.001.1001', 'Wrong credentials'],
  )
  const right = await askToPay(simulator, {
    BusinessShortCode: '600100',
    PartyB: '600100',
    Password: password('20261120201505', '600100', 'its-own'),
  })
  assert.equal(right.status, 200)
})

test('a till is paid through its head office: the money is on the till', async () => {
  const { simulator } = merchant()
  await askToPay(simulator, {
    BusinessShortCode: '600200',
    PartyB: '5201234',
    TransactionType: 'CustomerBuyGoodsOnline',
    Password: password('20261120201505', '600200'),
    Amount: 30,
  })
  await simulator.settled()
  assert.equal(simulator.ledger.entries[0]?.shortcode, '5201234')
  assert.equal(simulator.ledger.balances()['5201234']?.['Merchant Account'], 30)
})

test('a timestamp off Nairobi time is warned about, and refused only where that is wanted', async () => {
  const { simulator } = merchant()
  const utc = startTime.replaceAll(/\D/g, '').slice(0, 14)
  const changes = { Timestamp: utc, Password: password(utc) }
  assert.equal((await askToPay(simulator, changes)).status, 200)
  const warnings = simulator.log().flatMap((entry) => entry.warnings)
  assert.match(warnings[0] ?? '', /^Taken: Timestamp is 180 minutes behind the time in Nairobi, UTC\+3 \(disputed:/)
  await put(simulator, '/_/settings', { nairobi_timestamp: true })
  assert.equal((await askToPay(simulator, changes)).answer.errorMessage, 'Bad Request - Invalid Timestamp')
})

test('a query in flight says 4999; the older answers are a switch away', async () => {
  const { simulator } = merchant()
  const { answer } = await askToPay(simulator, { PhoneNumber: '254712345678' })
  const ask = async () => {
    const { status, body } = await query(simulator, String(answer.CheckoutRequestID))
    return [status, body.ResultCode ?? body.errorCode, body.ResponseDescription ?? body.errorMessage]
  }
  assert.deepEqual(await ask(), [200, '4999', 'The service request has been accepted successsfully'])
  simulator.settings.set({ in_flight_query: 'being_processed' })
  assert.deepEqual(await ask(), [500, '500.001.1001', 'The transaction is being processed'])
  simulator.settings.set({ in_flight_query: 'empty' })
  assert.deepEqual(await ask(), [200, '500.001.1001', ''])
  simulator.phones.get('0712345678').approve()
  simulator.settings.set({ query_flake_rate: 1 })
  assert.deepEqual(await ask(), [500, '500.001.1001', ''])
})

test('a query of what is not there, or not yours, or no id at all', async () => {
  const { simulator } = merchant()
  const unknown = await query(simulator, 'ws_CO_201120262015051712345678')
  assert.deepEqual([unknown.status, unknown.body.errorMessage], [500, 'The transaction does not Exist'])
  const malformed = await query(simulator, '12345')
  assert.deepEqual([malformed.status, malformed.body.errorMessage], [400, 'Bad Request - Invalid CheckoutRequestID'])
  const { answer } = await askToPay(simulator)
  const foreign = { BusinessShortCode: '600000', Password: password('20261120201505', '600000') }
  const theirs = await query(simulator, String(answer.CheckoutRequestID), foreign)
  assert.equal(theirs.body.errorMessage, 'The transaction does not Exist')
})

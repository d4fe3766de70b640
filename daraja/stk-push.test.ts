import assert from 'node:assert/strict'
import test from 'node:test'
import { readFixture } from './fixtures/fixture.ts'
import { recorded, scriptedDaraja } from './fixtures/gateway.ts'
import { parseB2bResult } from './b2b.ts'
import { parseC2bConfirmation } from './c2b-callback.ts'
import { parseReversalResult } from './reversal.ts'
import { parseStkCallback, stkPush } from './stk-push.ts'
import type { StkPush } from './stk-push.ts'
import { parseTransactionStatusResult } from './transaction-status.ts'

const push: StkPush = {
  shortcode: '174379',
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
  type: 'paybill',
  amount: 100,
  phone: '0708 374 149',
  accountReference: 'INV-7',
  description: 'Shoes',
  callbackUrl: 'https://shop.example/in/1f2e',
}

test('a push has the form of the portal’s sample, and one time in password and timestamp', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('stk-push.accepted.json')] })
  const outcome = await stkPush(daraja, push)
  assert.deepEqual(seen[0]?.body, {
    BusinessShortCode: '174379',
    Password: btoa(`174379${push.passkey}20261120195803`),
    Timestamp: '20261120195803',
    TransactionType: 'CustomerPayBillOnline',
    Amount: '100',
    PartyA: '254708374149',
    PartyB: '174379',
    PhoneNumber: '254708374149',
    CallBackURL: 'https://shop.example/in/1f2e',
    AccountReference: 'INV-7',
    TransactionDesc: 'Shoes',
  })
  const sample = JSON.parse(readFixture('stk-push.request.json')) as object
  assert.deepEqual(Object.keys(seen[0]?.body ?? {}), Object.keys(sample))
  assert.deepEqual(outcome, {
    kind: 'accepted',
    merchantRequestId: '2654-4b64-97ff-b827b542881d3130',
    checkoutRequestId: 'ws_CO_1007202409152617172396192',
    responseDescription: 'Success. Request accepted for processing',
    customerMessage: 'Success. Request accepted for processing',
    raw: readFixture('stk-push.accepted.json'),
  })
})

test('a till is paid with the store number as short code and the till as receiver', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('stk-push.accepted.json')] })
  await stkPush(daraja, { ...push, shortcode: '600000', type: 'till', till: '373132' })
  const sent = seen[0]?.body as Record<string, string>
  assert.deepEqual(
    [sent['TransactionType'], sent['BusinessShortCode'], sent['PartyB']],
    ['CustomerBuyGoodsOnline', '600000', '373132'],
  )
})

test('what Daraja would refuse is refused here, with the reason and without a request', async () => {
  const wrong: [Partial<StkPush>, RegExp][] = [
    [{ amount: 0 }, /1 to 250000/],
    [{ amount: 0.5 }, /whole shillings/],
    [{ amount: 250_001 }, /1 to 250000/],
    [{ amount: NaN }, /whole shillings/],
    [{ phone: '0812345678' }, /not a Kenyan mobile number/],
    [{ shortcode: 'shop' }, /short code/],
    [{ type: 'till' }, /till/],
    [{ accountReference: '' }, /account reference/],
    [{ accountReference: 'thirteen-long' }, /1 to 12 characters/],
    [{ description: '' }, /description/],
    [{ callbackUrl: 'shop.example' }, /callback URL/],
  ]
  for (const [change, reason] of wrong) {
    const { daraja, seen, oauthSeen } = scriptedDaraja({ api: [recorded('stk-push.accepted.json')] })
    const outcome = await stkPush(daraja, { ...push, ...change })
    assert.equal(outcome.kind === 'refused' && outcome.code, 'refused_locally')
    assert.match(outcome.kind === 'refused' ? outcome.message : '', reason)
    assert.deepEqual([seen.length, oauthSeen.length], [0, 0])
  }
})

test('production takes https alone; elsewhere http will do', async () => {
  const http = { ...push, callbackUrl: 'http://localhost:4000/in/1f2e' }
  const api = [recorded('stk-push.accepted.json')]
  assert.equal((await stkPush(scriptedDaraja({ api }).daraja, http)).kind, 'accepted')
  const production = { baseUrl: 'https://api.safaricom.co.ke' }
  assert.equal((await stkPush(scriptedDaraja({ api }, production).daraja, http)).kind, 'refused')
})

test('what Daraja would refuse can be sent all the same', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('stk-push.refused.invalid-short-code.json', 400)] })
  const outcome = await stkPush(daraja, { ...push, phone: 'nobody', amount: 0 }, { sendAnyway: true })
  assert.equal(outcome.kind === 'refused' && outcome.code, '400.002.02')
  const sent = seen[0]?.body as Record<string, string>
  assert.equal(sent['PhoneNumber'], 'nobody')
})

const paid = {
  merchantRequestId: '29115-34620561-1',
  checkoutRequestId: 'ws_CO_191220191020363925',
  resultCode: '0',
  resultDescription: 'The service request is processed successfully.',
  amount: 1,
  receipt: 'NLJ7RT61SV',
  phone: '254708374149',
  transactedAt: new Date('2019-12-19T07:21:15Z'),
  balance: undefined,
}

test('the callback of a payment is read by name, with a balance without value or without any', () => {
  assert.deepEqual(parseStkCallback(JSON.parse(readFixture('stk-callback.success.json'))), paid)
  assert.deepEqual(parseStkCallback(readFixture('stk-callback.success.balance-without-value.json')), paid)
})

test('the callback of a failure has a code and no details', () => {
  const failures = [
    ['cancelled', '1032'],
    ['no-response', '1037'],
    ['insufficient-funds', '1'],
    ['wrong-pin', '2001'],
    ['expired', '1019'],
    ['bad-debt', 'E3008'],
  ]
  for (const [name, code] of failures) {
    const callback = parseStkCallback(readFixture(`stk-callback.${name}.json`))
    assert.equal(callback?.resultCode, code)
    assert.deepEqual([callback?.receipt, callback?.amount, callback?.transactedAt], [undefined, undefined, undefined])
  }
})

test('a callback survives codes as text, a lone detail, a printed balance and missing details', () => {
  const callback = (change: object) => ({
    Body: { stkCallback: { CheckoutRequestID: 'ws_CO_1', ResultCode: '0', ...change } },
  })
  assert.equal(parseStkCallback(callback({}))?.resultCode, '0')
  const lone = callback({ CallbackMetadata: { Item: { Name: 'MpesaReceiptNumber', Value: 'UKK7X2M4QA' } } })
  assert.equal(parseStkCallback(lone)?.receipt, 'UKK7X2M4QA')
  const balance = '{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}'
  const printed = callback({ CallbackMetadata: { Item: [{ Name: 'Balance', Value: balance }, null, 7] } })
  assert.equal(parseStkCallback(printed)?.balance, 6186.83)
})

const detail = { Name: 'Amount', Value: 2000 }
const forms: [metadata: unknown, amount: unknown][] = [
  [{ Item: [detail] }, 2000],
  [{ Item: detail }, 2000],
  [[detail], 2000],
  [{ Item: [{ name: 'amount', value: 2000 }] }, 2000],
  [{ Amount: 2000 }, 'unreadable'],
  [{ Item: { Amount: 2000 } }, 'unreadable'],
  [{ Item: 'Amount=2000' }, 'unreadable'],
  [JSON.stringify({ Item: [detail] }), 'unreadable'],
  ...[undefined, null, '', {}, [], { Item: null }, { Item: '' }, { Item: [] }, { Item: [{}] }].map(
    (metadata): [unknown, unknown] => [metadata, undefined],
  ),
]

for (const [CallbackMetadata, amount] of forms) {
  test(`details told as ${JSON.stringify(CallbackMetadata)} name ${String(amount ?? 'no')} amount`, () => {
    const stkCallback = { CheckoutRequestID: 'ws_CO_1', ResultCode: 0, CallbackMetadata }
    assert.equal(parseStkCallback({ Body: { stkCallback } })?.amount, amount)
  })
}

test('what is no STK callback is not read as one', () => {
  for (const body of [
    undefined,
    null,
    '',
    'x',
    7,
    [],
    {},
    { Body: {} },
    { Body: { stkCallback: [] } },
    { Result: { ResultCode: 0 } },
  ]) {
    assert.equal(parseStkCallback(body), undefined)
  }
  assert.equal(parseStkCallback({ Body: { stkCallback: { CheckoutRequestID: 'ws_CO_1' } } }), undefined)
})

const amounts: [unknown, unknown][] = [
  [2000, 2000],
  ['2000', 2000],
  ['2000.00', 2000],
  [' 2000.5 ', 2000.5],
  ['2,000.00', 2000],
  ['KES 2000', 2000],
  ['Ksh100', 100],
  [undefined, undefined],
  ...[
    'abc',
    '2,00',
    '20,00.00',
    'KES',
    'USD 5',
    '0x10',
    '1e3',
    '',
    ' ',
    null,
    true,
    [100],
    {},
    { amount: 2000 },
    NaN,
    1e21,
  ].map((value): [unknown, unknown] => [value, 'unreadable']),
]

for (const [told, read] of amounts) {
  const name = typeof told === 'object' ? JSON.stringify(told) : typeof told === 'string' ? `"${told}"` : String(told)
  test(`an amount told as ${name} is ${String(read ?? 'none')}`, () => {
    const Item = [{ Name: 'Amount', Value: told }]
    const stkCallback = { CheckoutRequestID: 'ws_CO_1', ResultCode: 0, CallbackMetadata: { Item } }
    assert.equal(parseStkCallback({ Body: { stkCallback } })?.amount, read)
    const Result = { ResultCode: 0, ResultParameters: { ResultParameter: [{ Key: 'Amount', Value: told }] } }
    assert.equal(parseReversalResult({ Result })?.amount, read)
    assert.equal(parseTransactionStatusResult({ Result })?.amount, read)
    assert.equal(parseB2bResult({ Result })?.amount, read)
    if (told !== undefined)
      assert.equal(parseC2bConfirmation({ TransID: 'UKK7X2M4QA', TransAmount: told })?.amount, read)
  })
}

test('a byte order mark before a body is nothing', () => {
  const stkCallback = { CheckoutRequestID: 'ws_CO_1', ResultCode: 0 }
  assert.equal(parseStkCallback(`\uFEFF${JSON.stringify({ Body: { stkCallback } })}`)?.resultCode, '0')
})

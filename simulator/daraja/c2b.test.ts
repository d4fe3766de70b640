import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { Simulator } from '../simulator.ts'
import { askToPay, post } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'

const urls = {
  ShortCode: '600984',
  ResponseType: 'Completed',
  ConfirmationURL: 'https://shop.example/confirm',
  ValidationURL: 'https://shop.example/validate',
}
const register = (simulator: Simulator, changes: object = {}, version = 2) =>
  post(simulator, `/mpesa/c2b/v${version}/registerurl`, { ...urls, ...changes })
const paybill = { shortcode: '600984', amount: 250, reference: 'INV-7' }

test('a customer pays the paybill: validation first, then the money, then the confirmation', async () => {
  const { simulator, clock, requests, callbacks } = merchant()
  const { body } = await register(simulator)
  assert.deepEqual(Object.keys(body), ['OriginatorCoversationID', 'ResponseCode', 'ResponseDescription'])
  assert.deepEqual([body.ResponseCode, body.ResponseDescription], ['0', 'Success'])

  const phone = simulator.phones.get('0712345678')
  await clock.advance('1 s')
  const outcome = await phone.pay(paybill)
  await simulator.settled()
  assert.ok(outcome.status === 'paid')
  assert.deepEqual(
    requests.map(({ url }) => url),
    [urls.ValidationURL, urls.ConfirmationURL],
  )
  const told = {
    TransactionType: 'Pay Bill',
    TransID: outcome.receipt,
    TransTime: '20261120201506',
    TransAmount: '250.00',
    BusinessShortCode: '600984',
    BillRefNumber: 'INV-7',
    InvoiceNumber: '',
    OrgAccountBalance: '',
    ThirdPartyTransID: '',
    MSISDN: '2547 ***** 678',
    FirstName: 'AMINA',
    MiddleName: '',
    LastName: '',
  }
  assert.deepEqual(callbacks(), [told, { ...told, OrgAccountBalance: '100250.00' }])
  assert.equal(phone.balance, 10_150)
  assert.match(
    phone.messages.at(-1)?.text ?? '',
    /^U\w{9} Confirmed\. Ksh250\.00 sent to Business 600984 for account INV-7 on/,
  )
  assert.partialDeepStrictEqual(simulator.ledger.entries, [
    { kind: 'c2b', receipt: outcome.receipt, amount: 250, reference: 'INV-7', shortcode: '600984' },
  ])
})

test('what the validation returns comes back in the confirmation', async () => {
  const { simulator, handle, callbacks } = merchant()
  handle(() => Response.json({ ResultCode: 0, ResultDesc: 'Accepted', ThirdPartyTransID: 'ours-1' }))
  await register(simulator)
  await simulator.phones.get('0712345678').pay(paybill)
  await simulator.settled()
  assert.deepEqual(
    callbacks().map(({ ThirdPartyTransID }) => ThirdPartyTransID),
    ['', 'ours-1'],
  )
})

test('a payment that the organisation does not want is not made', async () => {
  const { simulator, handle, callbacks } = merchant()
  handle(() => Response.json({ ResultCode: 'C2B00012', ResultDesc: 'Rejected' }))
  await register(simulator)
  const phone = simulator.phones.get('0712345678')
  assert.deepEqual(await phone.pay(paybill), { status: 'refused', code: 'C2B00012', reason: 'Rejected' })
  await simulator.settled()
  assert.equal(callbacks().length, 1)
  assert.equal(phone.balance, 10_400)
  assert.match(phone.messages.at(-1)?.text ?? '', /was not accepted/)
  assert.equal(simulator.ledger.entries.length, 0)
})

for (const [ResponseType, status] of [
  ['Completed', 'paid'],
  ['Cancelled', 'refused'],
] as const) {
  test(`a validation that takes more than eight seconds leaves it to the default: ${ResponseType}`, async () => {
    const { simulator, clock, handle } = merchant()
    await register(simulator, { ResponseType })
    handle(() => new Promise(() => {}))
    const paying = simulator.phones.get('0712345678').pay(paybill)
    await clock.advance('7.9 s')
    assert.equal(simulator.ledger.entries.length, 0)
    handle(() => new Response())
    await clock.advance('100 ms')
    assert.equal((await paying).status, status)
  })

  test(`a validation that cannot be understood leaves it to the default: ${ResponseType}`, async () => {
    const { simulator, respond } = merchant()
    await register(simulator, { ResponseType })
    respond(500)
    assert.equal((await simulator.phones.get('0712345678').pay(paybill)).status, status)
  })
}

test('v1 is told a hash of the number', async () => {
  const { simulator, callbacks } = merchant()
  const { body } = await register(simulator, {}, 1)
  assert.equal(body.ConversationID, '')
  await simulator.phones.get('0712345678').pay(paybill)
  await simulator.settled()
  const hash = createHash('sha256').update('254712345678').digest('hex')
  assert.deepEqual(
    callbacks().map(({ MSISDN }) => MSISDN),
    [hash, hash],
  )
})

test('a till asks for no account, and its money is on the merchant account', async () => {
  const { simulator, callbacks } = merchant()
  simulator.organisations.set('5201234', { type: 'till', name: 'Mama Njeri Stores' })
  await register(simulator, { ShortCode: '5201234' })
  await simulator.phones.get('0712345678').pay({ shortcode: 5201234, amount: 40, reference: 'ignored' })
  await simulator.settled()
  assert.partialDeepStrictEqual(callbacks()[1], {
    TransactionType: 'Buy Goods',
    BillRefNumber: '',
    OrgAccountBalance: '40.00',
  })
  assert.equal(simulator.ledger.balances()['5201234']?.['Merchant Account'], 40)
  assert.match(simulator.phones.get('0712345678').messages[0]?.text ?? '', /paid to Mama Njeri Stores on/)
})

test('without registered addresses a payment completes in silence', async () => {
  const { simulator, requests } = merchant()
  assert.equal((await simulator.phones.get('0712345678').pay(paybill)).status, 'paid')
  await simulator.settled()
  assert.equal(requests.length, 0)
})

test('the SIM menu refuses what the phone cannot pay', async () => {
  const { simulator } = merchant()
  const phone = simulator.phones.get('0712345678')
  assert.partialDeepStrictEqual(await phone.pay({ ...paybill, amount: 10_401 }), { status: 'refused', code: '1' })
  assert.partialDeepStrictEqual(await phone.pay({ ...paybill, amount: 250_001 }), { status: 'refused', code: '3' })
  assert.partialDeepStrictEqual(await phone.pay({ ...paybill, pin: '0000' }), { status: 'refused', code: '2001' })
  assert.partialDeepStrictEqual(await phone.pay({ ...paybill, shortcode: '999999' }), {
    status: 'refused',
    code: 'SFC_IC0003',
  })
  await assert.rejects(phone.pay({ ...paybill, amount: 0.5 }), /whole shillings/)
  await assert.rejects(phone.pay({ ...paybill, shortcode: '12' }), /5 to 7 digits/)
  assert.equal(simulator.ledger.entries.length, 0)
})

test('the simulate call pays as the menu does, in both versions', async () => {
  const { simulator, callbacks } = merchant()
  await register(simulator)
  const body = {
    ShortCode: 600984,
    CommandID: 'CustomerPayBillOnline',
    Amount: 5,
    Msisdn: 254708374149,
    BillRefNumber: 'INV-7',
  }
  const second = await post(simulator, '/mpesa/c2b/v2/simulate', body)
  assert.deepEqual(Object.keys(second.body), ['OriginatorCoversationID', 'ResponseCode', 'ResponseDescription'])
  const first = await post(simulator, '/mpesa/c2b/v1/simulate', body)
  assert.deepEqual(Object.keys(first.body), ['ConversationID', 'OriginatorCoversationID', 'ResponseDescription'])
  await simulator.settled()
  assert.equal(callbacks().length, 4)
  assert.equal(simulator.ledger.entries.length, 2)
  const noReference = await post(simulator, '/mpesa/c2b/v2/simulate', { ...body, BillRefNumber: null })
  assert.equal(noReference.body.errorMessage, 'Bad Request - Invalid BillRefNumber')
})

test('faults reach confirmations: early, dropped, twice', async () => {
  const { simulator, requests } = merchant({ settings: { c2b_validation: false } })
  await register(simulator)
  const body = { ShortCode: 600984, CommandID: 'CustomerBuyGoodsOnline', Amount: 5, Msisdn: 254708374149 }
  simulator.faults.set({ rules: [{ api: 'c2b', fault: 'early_callback', probability: 1 }] })
  await post(simulator, '/mpesa/c2b/v2/simulate', body)
  assert.equal(requests.length, 1)
  simulator.faults.set({ rules: [{ api: 'c2b', fault: 'drop_callback', probability: 1 }] })
  await simulator.phones.get('0712345678').pay(paybill)
  await simulator.settled()
  assert.equal(requests.length, 1)
  simulator.faults.set({ rules: [{ api: 'c2b', fault: 'duplicate_callback', probability: 1 }] })
  await simulator.phones.get('0712345678').pay({ ...paybill, amount: 3 })
  await simulator.settled()
  assert.equal(requests.length, 3)
})

test('an address with a word that Safaricom forbids is refused and explained in the log, or only warned about', async () => {
  const { simulator } = merchant()
  const forbidden = { ConfirmationURL: 'https://shop.example/MPESA/confirm' }
  const { status, body } = await register(simulator, forbidden)
  assert.deepEqual([status, body.errorCode, body.errorMessage], [400, '400.003.02', 'Bad Request'])
  assert.match(simulator.log().at(-1)?.warnings[0] ?? '', /contains "mpesa", which Safaricom forbids/)
  simulator.settings.set({ c2b_url_words: 'warn' })
  assert.equal((await register(simulator, forbidden)).status, 200)
})

test('production registers once; each version says so in its own way', async () => {
  const { simulator } = merchant({ settings: { c2b_registration: 'once' } })
  assert.equal((await register(simulator)).status, 200)
  const { status, body } = await register(simulator)
  assert.deepEqual([status, body.errorCode, body.errorMessage], [500, '500.003.1001', 'Urls are already registered'])
  const old = await register(simulator, {}, 1)
  assert.deepEqual(old.body, { ResponseDescription: 'Validation and Confirmation URLs are already registered' })
})

test('bad registrations name the first bad field', async () => {
  const { simulator } = merchant()
  for (const [changes, field] of [
    [{ ShortCode: 'x' }, 'ShortCode'],
    [{ ShortCode: '999999' }, 'ShortCode'],
    [{ ResponseType: 'completed' }, 'ResponseType'],
    [{ ConfirmationURL: 'x' }, 'ConfirmationURL'],
    [{ ValidationURL: undefined }, 'ValidationURL'],
  ] as const) {
    const { body } = await register(simulator, changes)
    assert.equal(body.errorMessage, `Bad Request - Invalid ${field}`)
  }
})

test('an STK payment is confirmed as C2B too, where that is switched on', async () => {
  const { simulator, requests, callbacks } = merchant({ settings: { c2b_confirmation_on_stk: true } })
  await register(simulator, { ShortCode: '174379' })
  await askToPay(simulator)
  await simulator.settled()
  assert.deepEqual(requests.map(({ url }) => url).toSorted(), [urls.ConfirmationURL, 'https://shop.example/hook'])
  const confirmation = callbacks().find((body) => 'TransID' in body)
  assert.equal(confirmation?.TransID, simulator.ledger.entries[0]?.receipt)
})

test('a payment can be made over the control API', async () => {
  const { simulator } = merchant()
  const pay = (body: object) =>
    simulator.fetch('/_/phones/0712345678/pay', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  const paid = await pay(paybill)
  assert.partialDeepStrictEqual(await paid.json(), { status: 'paid' })
  const bad = await pay({ shortcode: '600984' })
  assert.deepEqual([bad.status, await bad.json()], [400, { error: 'amount must be whole shillings, 1 or more.' }])
})

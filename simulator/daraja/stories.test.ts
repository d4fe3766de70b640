import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askToPay, query, tokenOf } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'

test('a payer who enters the PIN has paid, and the callback says so', async () => {
  const { simulator, clock, callbacks } = merchant()
  const { answer } = await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 100, AccountReference: 'INV-1' })
  assert.equal(answer.ResponseCode, '0')
  assert.match(String(answer.CheckoutRequestID), /^ws_CO_20112026201505\d{1,3}712345678$/)

  const phone = simulator.phones.get('0712 345 678')
  assert.equal(phone.prompts.length, 1)
  assert.equal(simulator.prompts()[0]?.expires_at, '2026-11-20T17:16:05.000Z')
  await clock.advance('9 s')
  const { receipt } = phone.approve()
  await simulator.settled()

  assert.deepEqual(callbacks(), [
    {
      Body: {
        stkCallback: {
          MerchantRequestID: answer.MerchantRequestID,
          CheckoutRequestID: answer.CheckoutRequestID,
          ResultCode: 0,
          ResultDesc: 'The service request is processed successfully.',
          CallbackMetadata: {
            Item: [
              { Name: 'Amount', Value: 100 },
              { Name: 'MpesaReceiptNumber', Value: receipt },
              { Name: 'TransactionDate', Value: 20261120201514 },
              { Name: 'PhoneNumber', Value: 254712345678 },
            ],
          },
        },
      },
    },
  ])
  assert.match(receipt ?? '', /^UKK[0-9A-Z]{7}$/)
  assert.equal(phone.balance, 10_300)
  assert.equal(
    phone.messages.at(-1)?.text,
    `${receipt} Confirmed. Ksh100.00 sent to Daraja-Sandbox for account INV-1 on 20/11/26 at 8:15 PM. ` +
      'New M-PESA balance is Ksh10,300.00. Transaction cost, Ksh0.00. Amount you can transact within the day is 499,900.00.',
  )
  assert.equal(simulator.ledger.entries[0]?.receipt, receipt)
  assert.equal(simulator.ledger.balances()['174379']?.['Utility Account'], 100_100)
})

test('the callback goes out as Safaricom sends it: its headers, decimals and all, and once', async () => {
  const { simulator, requests, respond } = merchant()
  respond(500)
  await askToPay(simulator, { PhoneNumber: '254708374149', Amount: 7 })
  await simulator.settled()
  assert.equal(requests.length, 1)
  const [request] = requests
  assert.equal(request?.headers.get('content-type'), 'application/json;charset=UTF-8')
  assert.equal(request?.headers.get('businessshortcode'), '174379')
  assert.match(request?.text ?? '', /"Name":"Amount","Value":7\.00/)
})

const failures = [
  ['cancels', 1032, 'Request cancelled by user', 'Request Cancelled by user.'],
  ['enters a wrong PIN', 2001, 'The initiator information is invalid.', 'The initiator information is invalid.'],
  [
    'has no money',
    1,
    'The balance is insufficient for the transaction.',
    'The balance is insufficient for the transaction.',
  ],
  ['leaves the phone in the bag', 1037, 'No response from user.', 'DS timeout user cannot be reached.'],
] as const
for (const [deed, code, told, queried] of failures) {
  test(`a payer who ${deed} has not paid: ${code}, and nothing but the code and its text`, async () => {
    const { simulator, clock, callbacks } = merchant()
    const phone = simulator.phones.get('0712345678')
    const { answer } = await askToPay(simulator, { PhoneNumber: phone.msisdn, Amount: 500 })
    if (code === 1032) phone.cancel()
    if (code === 2001) phone.wrongPin()
    if (code === 1) {
      simulator.phones.set('0712345678', { balance: 499.99 })
      phone.approve()
    }
    if (code === 1037) {
      phone.ignore()
      await clock.advance('59 s')
      assert.equal(callbacks().length, 0)
      await clock.advance('1 s')
    }
    await simulator.settled()
    const { MerchantRequestID, CheckoutRequestID } = answer
    const stkCallback = { MerchantRequestID, CheckoutRequestID, ResultCode: code, ResultDesc: told }
    assert.deepEqual(callbacks(), [{ Body: { stkCallback } }])
    assert.equal(simulator.ledger.entries.length, 0)
    const { body } = await query(simulator, String(CheckoutRequestID))
    assert.deepEqual([body.ResultCode, body.ResultDesc], [String(code), queried])
  })
}

test('two hundred pushes at once to the test number are all paid, each with its own receipt and ids', async () => {
  const { simulator, callbacks } = merchant()
  const token = await tokenOf(simulator)
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => askToPay(simulator, { PhoneNumber: '254708374149', Amount: 10 }, { token })),
  )
  await simulator.settled()
  assert.equal(callbacks().length, 200)
  assert.equal(new Set(simulator.ledger.entries.map(({ receipt }) => receipt)).size, 200)
  assert.equal(new Set(answers.map(({ answer }) => answer.CheckoutRequestID)).size, 200)
  assert.equal(
    simulator.ledger.entries.reduce((sum, { amount }) => sum + amount, 0),
    2000,
  )
})

test('a phone shows one prompt at a time', async () => {
  const { simulator } = merchant()
  await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 1 })
  const second = await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 2 })
  assert.equal(second.status, 500)
  assert.equal(second.answer.errorCode, '500.001.1001')
  assert.match(String(second.answer.errorMessage), /^Unable to lock subscriber/)
})

test('the same amount from the same payer within two minutes of a payment is rule limited', async () => {
  const { simulator, clock, codes } = merchant()
  const pay = async () => {
    await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 50 })
    await simulator.settled()
  }
  simulator.phones.set('0712345678', { auto: 'cancel' })
  await pay()
  simulator.phones.set('0712345678', { auto: 'approve' })
  await pay()
  await clock.advance('119 s')
  await pay()
  await clock.advance('2 s')
  await pay()
  assert.deepEqual(codes(), [1032, 0, 17, 0])
})

test('a day has its limit', async () => {
  const { simulator, codes } = merchant()
  simulator.phones.set('0712345678', { auto: 'approve', balance: 900_000 })
  for (const Amount of [250_001, 250_000, 249_999, 2]) {
    await askToPay(simulator, { PhoneNumber: '254712345678', Amount })
    await simulator.settled()
  }
  assert.deepEqual(codes(), [3, 0, 0, 4])
})

test('a phone that is off is not reached', async () => {
  const { simulator, codes } = merchant()
  simulator.phones.set('0712345678', { offline: true })
  await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 5 })
  await simulator.settled()
  assert.deepEqual(codes(), [1037])
})

for (const [phone, code] of [
  ['254700000001', 1],
  ['254700000017', 17],
  ['254700001001', 1001],
  ['254700001019', 1019],
  ['254700001025', 1025],
  ['254700001032', 1032],
  ['254700001037', 1037],
  ['254700002001', 2001],
  ['254700008006', 8006],
  ['254700009999', 9999],
  ['254700003008', 'E3008'],
  ['254700009003', 'SFC_IC0003'],
] as const) {
  test(`the magic number ${phone} fails with ${code}`, async () => {
    const { simulator, codes } = merchant()
    await askToPay(simulator, { PhoneNumber: phone, Amount: 5 })
    await simulator.settled()
    assert.deepEqual(codes(), [code])
  })
}

test('the magic number 254700004999 never answers, and the query never knows', async () => {
  const { simulator, clock, callbacks } = merchant()
  const { answer } = await askToPay(simulator, { PhoneNumber: '254700004999', Amount: 5 })
  await clock.advance('48 hours')
  assert.equal(callbacks().length, 0)
  const { body } = await query(simulator, String(answer.CheckoutRequestID))
  assert.equal(body.ResultCode, '4999')
})

test('strict is as grim as the sandbox: the test number never answers, and localhost is no callback address', async () => {
  const { simulator, clock, codes } = merchant({ strict: true })
  const local = await askToPay(simulator, { CallBackURL: 'http://localhost:3000/hook' })
  assert.equal(local.answer.errorMessage, 'Bad Request - Invalid CallBackURL')
  await askToPay(simulator, { PhoneNumber: '254708374149', Amount: 5, CallBackURL: 'https://shop.example/hook' })
  await clock.advance('25 s')
  assert.deepEqual(codes(), [])
  await clock.advance('1 s')
  await simulator.settled()
  assert.deepEqual(codes(), [1037])
})

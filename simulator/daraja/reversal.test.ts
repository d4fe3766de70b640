import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, operator, payByHand } from '../testing/operator.ts'

/** A merchant whom Amina has paid 200 by hand. */
async function paidMerchant() {
  const shop = operator()
  const receipt = await payByHand(shop.simulator)
  const reverse = (TransactionID: string, changes = {}) =>
    ask(shop.simulator, 'reversal', { TransactionID, ...changes })
  const codeFor = async (TransactionID: string, changes = {}) =>
    (await shop.resultOf('reversal', { TransactionID, ...changes })).ResultCode
  return { ...shop, phone: shop.simulator.phones.get('0712345678'), receipt, reverse, codeFor }
}

test('a reversal gives the payer the money back, and tells both sides', async () => {
  const { simulator, callbacks, requests, phone, receipt, reverse } = await paidMerchant()
  const { body } = await reverse(receipt)
  await simulator.settled()
  assert.deepEqual(Object.keys(body), [
    'OriginatorConversationID',
    'ConversationID',
    'ResponseCode',
    'ResponseDescription',
  ])
  assert.equal(body.ResponseDescription, 'Accept the service request successfully.')

  const entry = simulator.ledger.entries.at(-1)
  assert.equal(entry?.kind, 'reversal')
  assert.equal(entry?.reverses, receipt)
  assert.equal(phone.balance, 10_400)
  assert.equal(simulator.ledger.balances()['174379']?.['Utility Account'], 100_000)
  assert.match(phone.messages.at(-1)?.text ?? '', new RegExp(`Transaction ${receipt} has been reversed`))

  assert.equal(requests.at(-1)?.url, 'https://shop.example/result')
  assert.deepEqual(callbacks().at(-1), {
    Result: {
      ResultType: 0,
      ResultCode: 0,
      ResultDesc: 'The service request is processed successfully.',
      OriginatorConversationID: body.OriginatorConversationID,
      ConversationID: body.ConversationID,
      TransactionID: entry?.receipt,
      ResultParameters: {
        ResultParameter: [
          { Key: 'DebitAccountBalance', Value: 'Utility Account|KES|100000.00|100000.00|0.00|0.00' },
          { Key: 'Amount', Value: 200 },
          { Key: 'TransCompletedTime', Value: 20261120201505 },
          { Key: 'OriginalTransactionID', Value: receipt },
          { Key: 'Charge', Value: 0 },
          { Key: 'CreditPartyPublicName', Value: '254712345678 - AMINA HASSAN' },
          { Key: 'DebitPartyPublicName', Value: '174379 - Daraja-Sandbox' },
        ],
      },
      ReferenceData: {
        ReferenceItem: {
          Key: 'QueueTimeoutURL',
          Value: 'https://internalsandbox.safaricom.co.ke/mpesa/reversalresults/v1/submit',
        },
      },
    },
  })
  assert.match(requests.at(-1)?.text ?? '', /"Key":"Amount","Value":200\.0}/)
})

test('a payment is reversed once: then R000001, and an unknown receipt is R000002, both without parameters', async () => {
  const { simulator, resultOf, codeFor, receipt } = await paidMerchant()
  assert.equal(await codeFor(receipt), 0)
  assert.equal(await codeFor(receipt), 'R000001')
  const nowhere = await resultOf('reversal', { TransactionID: 'UKK0NOTHERE' })
  assert.equal(nowhere.ResultCode, 'R000002')
  assert.equal(nowhere.ResultDesc, 'The OriginalTransactionID is invalid.')
  assert.equal(nowhere.TransactionID, 'UKK0000000')
  assert.equal('ResultParameters' in nowhere, false)
  assert.equal(simulator.ledger.entries.length, 2)
})

test('a payment can go back in parts, up to what is left of it', async () => {
  const { codeFor, phone, receipt } = await paidMerchant()
  const codes = []
  for (const Amount of [201, 80, 130, 120, 1]) codes.push(await codeFor(receipt, { Amount }))
  assert.deepEqual(codes, [2, 0, 'R000001', 0, 'R000001'])
  assert.equal(phone.balance, 10_400)
})

test('what was paid to another, or paid out, cannot be reversed', async () => {
  const { simulator, resultOf, codeFor, receipt } = await paidMerchant()
  assert.equal(await codeFor(receipt, { ReceiverParty: '600000' }), 'R000002')
  const { TransactionID } = await resultOf('b2c')
  assert.equal(await codeFor(String(TransactionID), { ReceiverParty: '600992' }), 'R000002')
  assert.equal(simulator.ledger.entries.length, 2)
})

test('an organisation that has spent the money cannot give it back', async () => {
  const { simulator, codeFor, receipt } = await paidMerchant()
  simulator.organisations.set('174379', { accounts: { 'Utility Account': 199 } })
  assert.equal(await codeFor(receipt), 1)
})

test('a payment to a till is reversed from its Merchant account', async () => {
  const { simulator, codeFor, phone } = await paidMerchant()
  simulator.organisations.set('373132', { type: 'till' })
  const paid = await phone.pay({ shortcode: '373132', amount: 50 })
  assert.equal(paid.status, 'paid')
  const receipt = simulator.ledger.entries.at(-1)?.receipt ?? ''
  assert.equal(await codeFor(receipt, { ReceiverParty: '373132', Amount: 50 }), 0)
  assert.equal(simulator.ledger.balances()['373132']?.['Merchant Account'], 0)
})

test('an operator of ill fame gets its code in the result, not at once', async () => {
  const { codeFor, receipt } = await paidMerchant()
  assert.equal(await codeFor(receipt, { Initiator: 'wrong' }), 2001)
  assert.equal(await codeFor(receipt, { Initiator: 'locked' }), 8006)
  assert.equal(await codeFor(receipt, { Initiator: 'forbidden' }), 21)
})

test('the first bad field is named', async () => {
  const { reverse, receipt } = await paidMerchant()
  for (const [changes, field] of [
    [{ RecieverIdentifierType: '4' }, 'RecieverIdentifierType'],
    [{ TransactionID: '' }, 'TransactionID'],
    [{ SecurityCredential: 'c2hvcnQ=' }, 'SecurityCredential'],
    [{ ResultURL: 'nowhere' }, 'ResultURL'],
  ] as const) {
    const { status, body } = await reverse(receipt, changes)
    assert.deepEqual([status, body.errorMessage], [400, `Bad Request - Invalid ${field}`])
  }
})

test('an operator reverses at the portal, and nobody is told but the payer', async () => {
  const { simulator, callbacks, phone, receipt } = await paidMerchant()
  const ask = (body: unknown) =>
    simulator.fetch('/_/reverse', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  assert.equal(simulator.reverse(receipt, 150).reverses, receipt)
  await simulator.settled()
  assert.equal(callbacks().length, 0)
  assert.equal(phone.balance, 10_350)
  assert.equal((await ask({ receipt })).status, 200)
  const refused = await ask({ receipt })
  assert.equal(refused.status, 400)
  assert.deepEqual(await refused.json(), { error: 'The payment has been reversed already, as far as that goes.' })
})

test('a request that waits too long goes to the timeout address, and is carried out late or never', async () => {
  const { simulator, clock, requests, phone, receipt, reverse } = await paidMerchant()
  const fault = { api: 'reversal', fault: 'queue_timeout', probability: 1 } as const
  simulator.faults.set({ rules: [fault] })
  await reverse(receipt)
  await clock.advance('1 hour')
  assert.deepEqual(
    requests.map(({ url }) => url),
    ['https://shop.example/timeout'],
  )
  assert.equal(phone.balance, 10_200)

  simulator.faults.set({ rules: [{ ...fault, delay_ms: 60_000 }] })
  await reverse(receipt)
  await clock.advance('1 minute')
  assert.deepEqual(
    requests.map(({ url }) => url),
    ['https://shop.example/timeout', 'https://shop.example/timeout', 'https://shop.example/result'],
  )
  assert.equal(phone.balance, 10_400)
})

test('results suffer the same faults as every callback', async () => {
  const { simulator, requests, receipt, reverse } = await paidMerchant()
  simulator.faults.set({ rules: [{ api: 'reversal', fault: 'duplicate_callback', probability: 1 }] })
  await reverse(receipt)
  await simulator.settled()
  assert.equal(requests.length, 2)
  assert.equal(requests[0]?.text, requests[1]?.text)
  assert.equal(simulator.ledger.entries.length, 2)
})

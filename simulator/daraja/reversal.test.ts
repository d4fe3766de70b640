import assert from 'node:assert/strict'
import { test } from 'node:test'
import { merchant } from '../testing.ts'
import { resultOf, reverse } from './operator-testing.ts'

/** A merchant whom Amina has paid 200 by hand. */
async function paidMerchant() {
  const shop = merchant()
  const phone = shop.simulator.phones.get('0712345678')
  const paid = await phone.pay({ shortcode: '174379', amount: 200, reference: 'INV-1' })
  assert.equal(paid.status, 'paid')
  await shop.simulator.settled()
  return { ...shop, phone, receipt: paid.status === 'paid' ? paid.receipt : '' }
}

test('a reversal gives the payer the money back, and tells both sides', async () => {
  const { simulator, callbacks, requests, phone, receipt } = await paidMerchant()
  const { body } = await reverse(simulator, receipt)
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
  const { simulator, callbacks, receipt } = await paidMerchant()
  for (const asked of [receipt, receipt, 'UKK0NOTHERE']) {
    await reverse(simulator, asked)
    await simulator.settled()
  }
  const [, again, nowhere] = callbacks().map(resultOf)
  assert.equal(again?.ResultCode, 'R000001')
  assert.equal(nowhere?.ResultCode, 'R000002')
  assert.equal(nowhere?.ResultDesc, 'The OriginalTransactionID is invalid.')
  assert.match(String(nowhere?.TransactionID), /^UKK0000000$/)
  assert.equal('ResultParameters' in (nowhere ?? {}), false)
  assert.equal(simulator.ledger.entries.length, 2)
})

test('a payment can go back in parts, up to what is left of it', async () => {
  const { simulator, callbacks, phone, receipt } = await paidMerchant()
  for (const Amount of [80, 130, 120, 1]) {
    await reverse(simulator, receipt, { Amount })
    await simulator.settled()
  }
  assert.deepEqual(
    callbacks().map((body) => resultOf(body).ResultCode),
    [0, 'R000001', 0, 'R000001'],
  )
  assert.equal(phone.balance, 10_400)
})

test('what was paid to another, or paid out, cannot be reversed', async () => {
  const { simulator, callbacks, receipt } = await paidMerchant()
  await reverse(simulator, receipt, { ReceiverParty: '600000' })
  await simulator.settled()
  assert.equal(resultOf(callbacks().at(-1)).ResultCode, 'R000002')
})

test('an organisation that has spent the money cannot give it back', async () => {
  const { simulator, callbacks, receipt } = await paidMerchant()
  simulator.organisations.set('174379', { accounts: { 'Utility Account': 199 } })
  await reverse(simulator, receipt)
  await simulator.settled()
  assert.equal(resultOf(callbacks().at(-1)).ResultCode, 1)
})

test('an operator of ill fame gets its code in the result, not at once', async () => {
  const { simulator, callbacks, receipt } = await paidMerchant()
  for (const Initiator of ['wrong', 'locked', 'forbidden']) {
    const { status } = await reverse(simulator, receipt, { Initiator })
    assert.equal(status, 200)
    await simulator.settled()
  }
  assert.deepEqual(
    callbacks().map((body) => resultOf(body).ResultCode),
    [2001, 8006, 21],
  )
})

test('the first bad field is named, and a bad token has the words of this family', async () => {
  const { simulator, receipt } = await paidMerchant()
  for (const [changes, field] of [
    [{ RecieverIdentifierType: '4' }, 'RecieverIdentifierType'],
    [{ TransactionID: '' }, 'TransactionID'],
    [{ SecurityCredential: 'c2hvcnQ=' }, 'SecurityCredential'],
    [{ ResultURL: 'nowhere' }, 'ResultURL'],
  ] as const) {
    const { status, body } = await reverse(simulator, receipt, changes)
    assert.deepEqual([status, body.errorMessage], [400, `Bad Request - Invalid ${field}`])
  }
})

test('an operator reverses at the portal, and nobody is told but the payer', async () => {
  const { simulator, callbacks, phone, receipt } = await paidMerchant()
  const ask = (body: unknown) => simulator.fetch('/_/reverse', { method: 'POST', body: JSON.stringify(body) })
  const entry = (await (await ask({ receipt, amount: 150 })).json()) as Record<string, unknown>
  assert.equal(entry.reverses, receipt)
  await simulator.settled()
  assert.equal(callbacks().length, 0)
  assert.equal(phone.balance, 10_350)
  assert.equal((await ask({ receipt })).status, 200)
  const refused = await ask({ receipt })
  assert.equal(refused.status, 400)
  assert.deepEqual(await refused.json(), { error: 'The payment has been reversed already, as far as that goes.' })
})

test('a request that waits too long goes to the timeout address, and is carried out late or never', async () => {
  const { simulator, clock, requests, phone, receipt } = await paidMerchant()
  const fault = { api: 'reversal', fault: 'queue_timeout', probability: 1 } as const
  simulator.faults.set({ rules: [fault] })
  await reverse(simulator, receipt)
  await clock.advance('1 hour')
  assert.deepEqual(
    requests.map(({ url }) => url),
    ['https://shop.example/timeout'],
  )
  assert.equal(phone.balance, 10_200)

  simulator.faults.set({ rules: [{ ...fault, delay_ms: 60_000 }] })
  await reverse(simulator, receipt)
  await clock.advance('1 minute')
  assert.deepEqual(
    requests.map(({ url }) => url),
    ['https://shop.example/timeout', 'https://shop.example/timeout', 'https://shop.example/result'],
  )
  assert.equal(phone.balance, 10_400)
})

test('results suffer the same faults as every callback', async () => {
  const { simulator, requests, receipt } = await paidMerchant()
  simulator.faults.set({ rules: [{ api: 'reversal', fault: 'duplicate_callback', probability: 1 }] })
  await reverse(simulator, receipt)
  await simulator.settled()
  assert.equal(requests.length, 2)
  assert.equal(requests[0]?.text, requests[1]?.text)
  assert.equal(simulator.ledger.entries.length, 2)
})

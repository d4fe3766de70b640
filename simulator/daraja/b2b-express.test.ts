import assert from 'node:assert/strict'
import { test } from 'node:test'
import { post } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { assertShape } from '../testing/recordings.ts'

/** A till with 1,000 in its Merchant account, whose shopkeeper is asked to pay a vendor. */
function till(changes: Record<string, unknown> = {}) {
  const shop = merchant()
  shop.simulator.organisations.set('600001', { type: 'till', accounts: { 'Merchant Account': 1000 } })
  const ask = () =>
    post(shop.simulator, '/v1/ussdpush/get-msisdn', {
      primaryShortCode: '600001',
      receiverShortCode: '600002',
      amount: '71',
      paymentRef: 'INV-7',
      callbackUrl: 'https://shop.example/result',
      partnerName: 'Vendor',
      RequestRefID: '550e8400-e29b-41d4-a716-446655440000',
      ...changes,
    })
  return { ...shop, ask, shopkeeper: shop.simulator.phones.get('0722000111') }
}

test('the shopkeeper approves, and the till pays the vendor', async () => {
  const { simulator, callbacks, ask, shopkeeper } = till()
  assertShape((await ask()).body, 'b2b-express.accepted')
  const { receipt } = shopkeeper.approve()
  await simulator.settled()
  const [callback] = callbacks()
  assertShape(callback, 'b2b-express.callback.success')
  assert.deepEqual(callback, {
    resultCode: '0',
    resultDesc: 'The service request is processed successfully.',
    amount: '71.0',
    requestId: '550e8400-e29b-41d4-a716-446655440000',
    resultType: '0',
    conversationID: simulator.ledger.entries[0]?.conversation_id,
    transactionId: receipt,
    status: 'SUCCESS',
  })
  const balances = simulator.ledger.balances()
  assert.equal(balances['600001']?.['Merchant Account'], 929)
  assert.equal(balances['600002']?.['Utility Account'], 100_071)
})

for (const [deed, code] of [
  ['cancel', '4001'],
  ['wrongPin', '2001'],
  ['ignore', '4203'],
] as const) {
  test(`a shopkeeper who does ${deed} does not pay: ${code}`, async () => {
    const { simulator, clock, callbacks, ask, shopkeeper } = till()
    await ask()
    shopkeeper[deed]()
    await clock.advance('1 minute')
    await simulator.settled()
    const [callback] = callbacks()
    assertShape(callback, 'b2b-express.callback.cancelled')
    assert.deepEqual([callback?.resultCode, callback?.paymentReference], [code, 'INV-7'])
    assert.equal(simulator.ledger.entries.length, 0)
  })
}

test('the phone that rings is the one nominated for Pull Transactions, and a magic one fails by its number', async () => {
  const { simulator, callbacks, ask } = till()
  await post(simulator, '/pulltransactions/v1/register', {
    ShortCode: '600001',
    RequestType: 'Pull',
    NominatedNumber: '254700004104',
    CallBackURL: 'https://shop.example/pull',
  })
  await ask()
  await simulator.settled()
  assert.deepEqual(
    callbacks().map(({ resultCode, resultDesc }) => [resultCode, resultDesc]),
    [['4104', 'Missing Nominated Number']],
  )
})

test('a till cannot pay more than it has', async () => {
  const { simulator, callbacks, ask, shopkeeper } = till({ amount: 1001 })
  await ask()
  shopkeeper.approve()
  await simulator.settled()
  assert.equal(callbacks()[0]?.resultCode, '1')
})

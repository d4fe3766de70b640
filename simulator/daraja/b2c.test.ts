import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, operator, parametersOf } from '../testing/operator.ts'

test('a payout leaves the Utility account, arrives on the phone, and the result says so', async () => {
  const { simulator, callbacks, requests } = operator()
  const { body } = await ask(simulator, 'b2c')
  assert.deepEqual(Object.entries(body), [
    ['ConversationID', body.ConversationID],
    ['OriginatorConversationID', 'payout-1'],
    ['ResponseCode', '0'],
    ['ResponseDescription', 'Accept the service request successfully.'],
  ])
  await simulator.settled()
  const [entry] = simulator.ledger.entries
  assert.deepEqual([entry?.kind, entry?.amount, entry?.shortcode], ['b2c', 500, '600992'])
  const phone = simulator.phones.get('0712345678')
  assert.equal(phone.balance, 10_900)
  assert.match(phone.messages.at(-1)?.text ?? '', /You have received Ksh500\.00 from Business 600992/)
  assert.equal(simulator.ledger.balances()['600992']?.['Utility Account'], 99_500)

  const { Result } = callbacks()[0] as { Result: Record<string, unknown> }
  assert.equal(Result.ConversationID, body.ConversationID)
  assert.notEqual(Result.OriginatorConversationID, 'payout-1')
  assert.deepEqual(parametersOf(Result), [
    ['TransactionAmount', 500],
    ['TransactionReceipt', entry?.receipt],
    ['ReceiverPartyPublicName', '254712345678 - AMINA HASSAN'],
    ['TransactionCompletedDateTime', '20.11.2026 20:15:05'],
    ['B2CUtilityAccountAvailableFunds', 99_500],
    ['B2CWorkingAccountAvailableFunds', 500_000],
    ['B2CRecipientIsRegisteredCustomer', 'Y'],
    ['B2CChargesPaidAccountAvailableFunds', 0],
  ])
  assert.match(requests[0]?.text ?? '', /"B2CUtilityAccountAvailableFunds","Value":99500\.0}/)
})

test('whose id the result carries is disputed, and a switch', async () => {
  const { resultOf } = operator({ settings: { b2c_result_id: 'caller' } })
  assert.equal((await resultOf('b2c')).OriginatorConversationID, 'payout-1')
})

test('an id can be used once, over B2C and Pochi; version 1 has none, and pays twice', async () => {
  const { simulator } = operator()
  await ask(simulator, 'b2c')
  for (const api of ['b2c', 'pochi'] as const) {
    const { status, body } = await ask(simulator, api)
    assert.deepEqual([status, body.errorCode], [500, '500.002.1001'])
    assert.equal(body.errorMessage, 'Duplicate OriginatorConversationID.')
  }
  await ask(simulator, 'b2c', { version: 'v1' })
  await ask(simulator, 'b2c', { version: 'v1' })
  await simulator.settled()
  assert.equal(simulator.ledger.entries.length, 3)
})

test('a request that was refused, or never arrived, leaves its id free', async () => {
  const { simulator } = operator()
  await ask(simulator, 'b2c', { PartyB: '0712345678' })
  simulator.faults.set({ rules: [{ api: 'b2c', fault: 'http_500', probability: 1 }] })
  await ask(simulator, 'b2c')
  simulator.faults.set({ rules: [] })
  assert.equal((await ask(simulator, 'b2c')).status, 200)
})

test('when the answer is lost, asking again proves that the first arrived, and its result comes', async () => {
  const { simulator, callbacks } = operator()
  simulator.faults.set({ rules: [{ api: 'b2c', fault: 'drop_response', probability: 1 }] })
  await assert.rejects(ask(simulator, 'b2c'), /fetch failed/)
  simulator.faults.set({ rules: [] })
  assert.equal((await ask(simulator, 'b2c')).body.errorCode, '500.002.1001')
  await simulator.settled()
  assert.equal(callbacks().length, 1)
  assert.equal(simulator.ledger.entries.length, 1)
})

for (const [why, changes, code] of [
  ['less than the minimum', { Amount: 9 }, 2],
  ['more than the maximum', { Amount: 250_001 }, 3],
  ['more than the Utility account holds', { Amount: 100_001 }, 1],
  ['to a full wallet', { PartyB: '254799000120' }, 8],
  ['from a till', { PartyA: '373132' }, 2028],
  ['from a short code that does not exist', { PartyA: '999999' }, 2001],
  ['by an unknown operator', { InitiatorName: 'wrong' }, 2001],
  ['to the magic number of a non-customer', { PartyB: '254700002040' }, 2040],
  ['to the magic number of a word', { PartyB: '254700009003' }, 'SFC_IC0003'],
] as const) {
  test(`a payout ${why} fails with ${code}, and its result has no parameters but looks as if it had a receipt`, async () => {
    const { simulator, resultOf } = operator()
    simulator.phones.set('254799000120', { balance: 499_501 })
    simulator.organisations.set('373132', { type: 'till' })
    const result = await resultOf('b2c', changes)
    assert.equal(result.ResultCode, code)
    assert.equal('ResultParameters' in result, false)
    assert.match(String(result.TransactionID), /^UKK[0-9A-Z]{7}$/)
    assert.equal(simulator.ledger.entries.length, 0)
  })
}

test('a result that waits for its time is not under way', async () => {
  const { simulator, clock, callbacks } = operator()
  simulator.faults.set({ rules: [{ api: 'b2c', fault: 'late_callback', probability: 1, delay_ms: 100_000 }] })
  await ask(simulator, 'b2c')
  await simulator.settled()
  assert.equal(callbacks().length, 0)
  await clock.advance('100 s')
  await simulator.settled()
  assert.equal(callbacks().length, 1)
})

test('a promotion congratulates, and Pochi pays the same phone', async () => {
  const { simulator, resultOf } = operator()
  await resultOf('b2c', { CommandID: 'PromotionPayment' })
  assert.match(simulator.phones.get('0712345678').messages.at(-1)?.text ?? '', /^Congratulations! U/)
  assert.equal((await resultOf('pochi', { OriginatorConversationID: 'payout-2' })).ResultCode, 0)
  assert.equal(simulator.phones.get('0712345678').balance, 11_400)
})

test('the first bad field is named', async () => {
  const { simulator } = operator()
  for (const [changes, field] of [
    [{ InitiatorName: '' }, 'InitiatorName'],
    [{ CommandID: 'BusinessPayToPochi' }, 'CommandID'],
    [{ Amount: '10.50' }, 'Amount'],
    [{ PartyB: '0712345678' }, 'PartyB'],
    [{ QueueTimeOutURL: '' }, 'QueueTimeOutURL'],
    [{ OriginatorConversationID: '' }, 'OriginatorConversationID'],
  ] as const) {
    const { status, body } = await ask(simulator, 'b2c', changes)
    assert.deepEqual([status, body.errorMessage], [400, `Bad Request - Invalid ${field}`])
  }
})

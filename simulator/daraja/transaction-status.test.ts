import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askToPay } from '../testing/daraja.ts'
import { ask, operator, parametersOf, payByHand } from '../testing/operator.ts'

const statusOf = (result: Record<string, unknown>) => new Map(parametersOf(result)).get('TransactionStatus')

test('the status of a payment names both parties by the same key, and is all text', async () => {
  const { simulator, resultOf } = operator()
  const receipt = await payByHand(simulator)
  const result = await resultOf('status', { TransactionID: receipt })
  const [entry] = simulator.ledger.entries
  assert.equal(result.TransactionID, 'UKK0000000')
  assert.deepEqual(parametersOf(result), [
    ['DebitPartyName', '254712345678 - AMINA HASSAN'],
    ['DebitPartyName', '174379 - Daraja-Sandbox'],
    ['OriginatorConversationID', entry?.originator_conversation_id],
    ['InitiatedTime', '20261120201505'],
    ['DebitAccountType', 'MMF Account For Customer'],
    ['DebitPartyCharges', ''],
    ['TransactionReason', undefined],
    ['ReasonType', 'Pay Bill'],
    ['TransactionStatus', 'Completed'],
    ['FinalisedTime', '20261120201505'],
    ['Amount', '200'],
    ['ConversationID', entry?.conversation_id],
    ['ReceiptNo', receipt],
  ])
  assert.deepEqual(Object.keys(result), Object.keys(result).toSorted())
})

test('a switch brings the status as it was observed: CreditPartyName, and numbers', async () => {
  const { simulator, requests, resultOf } = operator({ settings: { status_result: 'observed' } })
  const receipt = await payByHand(simulator)
  const result = await resultOf('status', { TransactionID: receipt, Occasion: 'INV-1' })
  const parameters = new Map(parametersOf(result))
  assert.equal(parameters.get('CreditPartyName'), '174379 - Daraja-Sandbox')
  assert.equal(parameters.get('InitiatedTime'), 20261120201505)
  assert.match(requests.at(-1)?.text ?? '', /"Key":"Amount","Value":200\.0}/)
  assert.deepEqual(result.ReferenceData, { ReferenceItem: { Key: 'Occasion', Value: 'INV-1' } })
})

test('a payment whose callback was lost is found by the id of its push', async () => {
  const { simulator, resultOf } = operator()
  simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
  const { answer } = await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 70 })
  const OriginalConversationID = answer.MerchantRequestID
  assert.equal(statusOf(await resultOf('status', { OriginalConversationID })), 'Initiated')
  const { receipt } = simulator.phones.get('0712345678').approve()
  const found = new Map(parametersOf(await resultOf('status', { OriginalConversationID })))
  assert.deepEqual([found.get('TransactionStatus'), found.get('ReceiptNo')], ['Completed', receipt])
})

for (const [deed, status] of [
  ['cancel', 'Cancelled'],
  ['wrongPin', 'Declined'],
  ['ignore', 'Expired'],
] as const) {
  test(`a push that ends with ${deed} is ${status}, although the query itself succeeds`, async () => {
    const { simulator, clock, resultOf } = operator()
    const { answer } = await askToPay(simulator, { PhoneNumber: '254712345678' })
    simulator.phones.get('0712345678')[deed]()
    await clock.advance('1 minute')
    const result = await resultOf('status', { OriginalConversationID: answer.MerchantRequestID })
    assert.equal(result.ResultCode, 0)
    assert.equal(statusOf(result), status)
  })
}

test('a payout is found by the caller’s id, by the gateway’s and by its receipt; a declined one too', async () => {
  const { resultOf } = operator()
  const paid = await resultOf('b2c')
  const asked = { PartyA: '600992' }
  for (const by of [
    { OriginalConversationID: 'payout-1' },
    { OriginalConversationID: paid.OriginatorConversationID },
    { TransactionID: paid.TransactionID },
  ]) {
    const found = parametersOf(await resultOf('status', { ...asked, ...by }))
    assert.deepEqual(found[0], ['DebitPartyName', '600992 - Business 600992'])
    assert.deepEqual(found[1], ['DebitPartyName', '254712345678 - AMINA HASSAN'])
    assert.deepEqual(found.at(-1), ['ReceiptNo', paid.TransactionID])
  }
  await resultOf('b2c', { OriginatorConversationID: 'payout-2', Amount: 5 })
  const declined = await resultOf('status', { ...asked, OriginalConversationID: 'payout-2' })
  assert.equal(statusOf(declined), 'Declined')
})

test('what does not exist, or concerns others, or was lost in the queue, is not found', async () => {
  const { simulator, resultOf } = operator()
  const receipt = await payByHand(simulator)
  simulator.faults.set({ rules: [{ api: 'b2c', fault: 'queue_timeout', probability: 1 }] })
  await ask(simulator, 'b2c')
  for (const changes of [
    { TransactionID: 'UKK0NOTHERE' },
    { TransactionID: receipt, PartyA: '600000' },
    { OriginalConversationID: 'payout-1', PartyA: '600992' },
  ]) {
    const result = await resultOf('status', changes)
    assert.equal(result.ResultCode, 2032)
    assert.equal('ResultParameters' in result, false)
  }
})

test('a query must name something', async () => {
  const { simulator } = operator()
  const { body } = await ask(simulator, 'status')
  assert.equal(body.errorMessage, 'Bad Request - Invalid TransactionID')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { merchant } from '../testing/merchant.ts'
import { ask, operator, operatorRequests, payByHand } from '../testing/operator.ts'
import type { OperatorApi } from '../testing/operator.ts'
import { assertShape, fixture, words } from '../testing/recordings.ts'

const apis = Object.keys(operatorRequests) as OperatorApi[]

test('requests have the recorded fields', () => {
  for (const [api, name] of [
    ['reversal', 'reversal'],
    ['status', 'transaction-status'],
    ['b2c', 'b2c'],
    ['pochi', 'pochi'],
    ['b2b', 'b2b'],
    ['tax', 'tax-remittance'],
    ['balance', 'account-balance'],
  ] as const) {
    const optional = ['Requester', 'Occasion', 'TransactionID', 'OriginalConversationID']
    const recorded = Object.keys(fixture(`${name}.request`) as object).filter((key) => !optional.includes(key))
    assert.deepEqual(Object.keys(operatorRequests[api]({}).body).toSorted(), recorded.toSorted(), name)
  }
})

test('acknowledgements', async () => {
  const { simulator } = operator()
  const receipt = await payByHand(simulator)
  for (const api of apis) {
    const { body } = await ask(simulator, api, {
      ...((api === 'reversal' || api === 'status') && { TransactionID: receipt }),
      ...(api === 'pochi' && { OriginatorConversationID: 'payout-2' }),
    })
    const isB2c = api === 'b2c' || api === 'pochi'
    assertShape(body, isB2c ? 'b2c.acknowledged' : api === 'balance' ? 'account-balance.acknowledged' : 'acknowledged')
  }
})

test('results', async () => {
  const { simulator, callbacks, resultOf } = operator()
  const receipt = await payByHand(simulator)
  const bad = { Initiator: 'wrong', InitiatorName: 'wrong' }
  for (const [api, changes, name] of [
    ['reversal', { TransactionID: receipt }, 'reversal.result.success'],
    ['reversal', { TransactionID: receipt }, 'reversal.result.already-reversed'],
    ['reversal', { TransactionID: 'UKK0NOTHERE' }, 'reversal.result.invalid-transaction'],
    ['status', { TransactionID: receipt }, 'transaction-status.result.success'],
    ['status', { TransactionID: receipt, ...bad }, 'transaction-status.result.failure'],
    ['b2c', {}, 'b2c.result.success'],
    ['b2c', { ...bad, OriginatorConversationID: 'payout-2' }, 'b2c.result.initiator-invalid'],
    ['b2c', { Amount: 200_000, OriginatorConversationID: 'payout-3' }, 'b2c.result.insufficient-funds'],
    ['b2b', {}, 'b2b.result.success'],
    ['b2b', bad, 'b2b.result.failure'],
    ['b2b', { CommandID: 'BusinessPayToBulk' }, 'b2b.result.success'],
    ['b2b', { CommandID: 'BusinessPayToBulk', ...bad }, 'b2c-top-up.result.failure'],
    ['tax', {}, 'b2b.result.success'],
    ['tax', bad, 'tax-remittance.result.failure'],
    ['balance', {}, 'account-balance.result.success'],
    ['balance', bad, 'account-balance.result.failure'],
  ] as const) {
    await resultOf(api, changes)
    assertShape(callbacks().at(-1), name)
  }
})

test('refusals, word for word', async () => {
  const { simulator } = merchant()
  for (const [api, name] of [
    ['reversal', '404.001.03'],
    ['status', '400.003.01'],
    ['b2c', '401.002.01'],
    ['pochi', '401.002.01'],
    ['b2b', '401.002.01'],
    ['tax', '401.002.01'],
    ['balance', '401.002.01'],
  ] as const) {
    const { status, body } = await ask(simulator, api, {}, { token: 'bad' })
    assert.equal(status, Number(name.slice(0, 3)))
    assert.equal(body.errorCode, name)
    const recorded = fixture(`token.refused.${name}`) as { errorMessage: string }
    assert.equal(String(body.errorMessage).split(' - ')[0], recorded.errorMessage.split(' - ')[0])
  }
  await ask(simulator, 'b2c')
  assert.deepEqual(words((await ask(simulator, 'b2c')).body), words(fixture('b2c.refused.duplicate')))
  for (const api of apis) {
    const { body } = await ask(simulator, api, { SecurityCredential: 'c2hvcnQ=', TransactionID: 'UKK0NOTHERE' })
    assert.deepEqual(words(body), words(fixture('initiated.refused.security-credential')), api)
  }
})

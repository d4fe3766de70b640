import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, operator, parametersOf } from '../testing/operator.ts'

test('a business pays a business: Working account to Utility account, one receipt on both statements', async () => {
  const { simulator, resultOf } = operator()
  const result = await resultOf('b2b')
  const balances = simulator.ledger.balances()
  assert.equal(balances['600979']?.['Working Account'], 499_761)
  assert.equal(balances['600000']?.['Utility Account'], 100_239)
  assert.equal(result.ResultCode, '0')
  assert.deepEqual(parametersOf(result), [
    ['DebitAccountBalance', '{Amount={CurrencyCode=KES, MinimumAmount=49976100, BasicAmount=499761.00}}'],
    ['Amount', '239.00'],
    ['DebitPartyAffectedAccountBalance', 'Working Account|KES|499761.00|499761.00|0.00|0.00'],
    ['TransCompletedTime', '20261120201505'],
    ['DebitPartyCharges', ''],
    ['ReceiverPartyPublicName', '600000 - Business 600000'],
    ['Currency', 'KES'],
    ['InitiatorAccountCurrentBalance', '{Amount={CurrencyCode=KES, MinimumAmount=49976100, BasicAmount=499761.00}}'],
  ])
  const received = simulator.statement({ shortcode: '600000' })
  assert.match(received, new RegExp(String(result.TransactionID)))
})

for (const [CommandID, from, to] of [
  ['BusinessBuyGoods', 'Working Account', 'Merchant Account'],
  ['BusinessPayToBulk', 'Working Account', 'Utility Account'],
  ['BusinessToBusinessTransfer', 'Working Account', 'Working Account'],
  ['DisburseFundsToBusiness', 'Utility Account', 'Working Account'],
  ['MerchantToMerchantTransfer', 'Merchant Account', 'Merchant Account'],
  ['AgencyFloatAdvance', 'Working Account', 'Float Account'],
] as const) {
  test(`${CommandID} moves from ${from} to ${to}`, async () => {
    const { simulator, resultOf } = operator()
    const accounts = {
      'Merchant Account': 1000,
      'Working Account': 1000,
      'Utility Account': 1000,
      'Float Account': 1000,
    }
    for (const shortcode of ['600979', '600000']) simulator.organisations.set(shortcode, { accounts })
    assert.equal((await resultOf('b2b', { CommandID, RecieverIdentifierType: '2' })).ResultCode, '0')
    assert.equal(simulator.ledger.balances()['600979']?.[from], 761)
    assert.equal(simulator.ledger.balances()['600000']?.[to], 1239)
  })
}

for (const [CommandID, from, to] of [
  ['BusinessTransferFromMMFToUtility', 'Working Account', 'Utility Account'],
  ['MerchantTransferFromMerchantToWorking', 'Merchant Account', 'Working Account'],
  ['MerchantServicesMMFAccountTransfer', 'Working Account', 'Merchant Account'],
] as const) {
  test(`${CommandID} moves between accounts of one's own`, async () => {
    const { simulator, resultOf } = operator()
    simulator.organisations.set('600979', { accounts: { [from]: 1000, [to]: 1000 } })
    assert.equal((await resultOf('b2b', { CommandID, PartyB: '600979' })).ResultCode, '0')
    const balances = simulator.ledger.balances()['600979']
    assert.deepEqual([balances?.[from], balances?.[to]], [761, 1239])
    assert.equal((await resultOf('b2b', { CommandID })).ResultCode, 21)
  })
}

for (const [why, changes, code] of [
  ['that only the portal may make', { CommandID: 'BusinessTransferFromUtilityToMMF', PartyB: '600979' }, 21],
  ['beyond the account', { Amount: 500_001 }, 1],
  ['to nobody', { PartyB: '999999' }, 'SFC_IC0003'],
  ['by an unknown operator', { Initiator: 'wrong' }, 2001],
] as const) {
  test(`a transfer ${why} fails with ${code}, in lone objects and numbers`, async () => {
    const { simulator, resultOf } = operator()
    const result = await resultOf('b2b', changes)
    assert.equal(result.ResultCode, code)
    assert.deepEqual(result.ResultParameters, {
      ResultParameter: { Key: 'BOCompletedTime', Value: 20261120201505 },
    })
    assert.deepEqual(result.ReferenceData, {
      ReferenceItem: { Key: 'QueueTimeoutURL', Value: 'https://shop.example/timeout' },
    })
    assert.equal(simulator.ledger.entries.length, 0)
  })
}

test('tax goes to the Kenya Revenue Authority and nowhere else', async () => {
  const { simulator, resultOf } = operator()
  const result = await resultOf('tax')
  assert.equal(result.ResultCode, '0')
  assert.deepEqual(parametersOf(result)[5], ['ReceiverPartyPublicName', '572572 - Kenya Revenue Authority'])
  const { body } = await ask(simulator, 'tax', { PartyB: '600000' })
  assert.equal(body.errorMessage, 'Bad Request - Invalid PartyB')
})

test('the right spelling of RecieverIdentifierType is wrong', async () => {
  const { simulator } = operator()
  const { body } = await ask(simulator, 'b2b', { RecieverIdentifierType: undefined, ReceiverIdentifierType: '4' })
  assert.equal(body.errorMessage, 'Bad Request - Invalid RecieverIdentifierType')
})

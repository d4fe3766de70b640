import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operator, parametersOf } from '../testing/operator.ts'

test('the balances are those of the ledger, in one line with bars', async () => {
  const { resultOf } = operator()
  await resultOf('b2b')
  assert.deepEqual(parametersOf(await resultOf('balance')), [
    [
      'AccountBalance',
      'Working Account|KES|500000.00|500000.00|0.00|0.00&Float Account|KES|0.00|0.00|0.00|0.00&' +
        'Utility Account|KES|100239.00|100239.00|0.00|0.00&Charges Paid Account|KES|0.00|0.00|0.00|0.00&' +
        'Organization Settlement Account|KES|0.00|0.00|0.00|0.00',
    ],
    ['BOCompletedTime', '20261120201505'],
  ])
})

test('a till has a Merchant account, which comes first', async () => {
  const { simulator, resultOf } = operator()
  simulator.organisations.set('600000', { type: 'till' })
  await simulator.phones.get('0712345678').pay({ shortcode: '600000', amount: 70 })
  const [, balance] = parametersOf(await resultOf('balance'))[0] ?? []
  assert.match(String(balance), /^Merchant Account\|KES\|70\.00\|70\.00\|0\.00\|0\.00&/)
})

test('a failure is numbers and a lone object', async () => {
  const { resultOf } = operator()
  const result = await resultOf('balance', { PartyA: '999999' })
  assert.equal(result.ResultCode, 2001)
  assert.deepEqual(result.ResultParameters, { ResultParameter: { Key: 'BOCompletedTime', Value: 20261120201505 } })
})

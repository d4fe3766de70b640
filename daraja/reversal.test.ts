import assert from 'node:assert/strict'
import test from 'node:test'
import { readFixture } from './fixtures/fixture.ts'
import { parseReversalResult } from './reversal.ts'

test('a reversal names its own receipt and the one that it gave back', () => {
  const { result, ...reversed } = parseReversalResult(readFixture('reversal.result.success.json')) ?? assert.fail()
  assert.equal(result.resultCode, '0')
  assert.deepEqual(reversed, {
    receipt: 'SKE52PAWR9',
    originalReceipt: 'SKC82PACB8',
    amount: 1,
    charge: 0,
    transactedAt: new Date('2021-11-14T10:27:11Z'),
    creditParty: { identifier: '254705912645', name: 'NICHOLAS JOHN SONGOK' },
    debitParty: { identifier: '600992', name: 'Safaricom Daraja 992' },
    debitAccountBalance: 'Utility Account|KES|7722179.62|7722179.62|0.00|0.00',
  })
})

test('a reversal that failed has a code, which may be letters, and no receipt', () => {
  for (const [name, code] of [
    ['invalid-transaction', 'R000002'],
    ['already-reversed', 'R000001'],
  ]) {
    const failed = parseReversalResult(readFixture(`reversal.result.${name}.json`))
    assert.equal(failed?.result.resultCode, code)
    assert.deepEqual([failed?.receipt, failed?.originalReceipt, failed?.amount], [undefined, undefined, undefined])
  }
})

import assert from 'node:assert/strict'
import test from 'node:test'
import { readFixture } from './fixtures/fixture.ts'
import { allOf, parseParty, parseResult, receiptOf } from './result.ts'

test('a result is read whether its parts are arrays, a lone object, or missing', () => {
  const array = parseResult(readFixture('b2c-top-up.result.failure.json'))
  assert.deepEqual(array?.parameters, [{ key: 'BillReferenceNumber', value: 12_323_333 }])
  assert.deepEqual(
    array?.references.map(({ key }) => key),
    ['BillReferenceNumber', 'QueueTimeoutURL', 'Occassion'],
  )
  const missing = parseResult(readFixture('reversal.result.invalid-transaction.json'))
  assert.deepEqual(missing?.parameters, [])
  assert.deepEqual([missing?.resultCode, missing?.references.length], ['R000002', 1])
})

test('repeated keys are kept, in order, and a key without value has none', () => {
  const result = parseResult(readFixture('transaction-status.result.success.json'))
  assert.ok(result)
  assert.deepEqual(allOf(result, 'DebitPartyName'), ['600310 - Safaricom333', '254708374149 - John Doe'])
  assert.deepEqual(allOf(result, 'TransactionReason'), [])
  assert.deepEqual(allOf(result, 'Originator Conversation ID'), ['3211-416020-3'])
})

test('codes are text, whether they come as text or number', () => {
  for (const code of [0, '0', 2001, '21', 'R000002', 'SFC_IC0003', 'TP40153']) {
    assert.equal(parseResult({ Result: { ResultCode: code } })?.resultCode, String(code))
  }
})

test('a failure has no receipt, although its envelope names a transaction', () => {
  const failed = parseResult(readFixture('b2c.result.initiator-invalid.json'))
  assert.ok(failed)
  assert.equal(failed.transactionId, 'SG722NMVXQ')
  assert.equal(receiptOf(failed), undefined)
})

test('the body is kept as it was given', () => {
  const text = readFixture('b2b.result.success.json')
  assert.equal(parseResult(text)?.raw, text)
})

test('a party is split into number and name', () => {
  assert.deepEqual(parseParty('254705912645 - NICHOLAS JOHN SONGOK'), {
    identifier: '254705912645',
    name: 'NICHOLAS JOHN SONGOK',
  })
  assert.deepEqual(parseParty('000000– Biller Companty'), { identifier: '000000', name: 'Biller Companty' })
  assert.deepEqual(parseParty('2547 ***** 126 - JOHN'), { identifier: '2547 ***** 126', name: 'JOHN' })
  assert.deepEqual(parseParty('600992 - A - B'), { identifier: '600992', name: 'A - B' })
  assert.deepEqual(parseParty('174379 '), { identifier: '174379', name: '174379' })
  assert.deepEqual(parseParty('Harambee-Shop'), { identifier: undefined, name: 'Harambee-Shop' })
})

test('what is no result is not read as one', () => {
  for (const body of [
    undefined,
    null,
    '',
    '[]',
    {},
    { Result: {} },
    { Result: [] },
    { Result: { ResultCode: null } },
    { Body: {} },
  ]) {
    assert.equal(parseResult(body), undefined)
  }
})

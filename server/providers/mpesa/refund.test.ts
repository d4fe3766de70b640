import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUSINESS_RESULT_CODES } from '@lango/daraja'
import { readRefund, verdictOf } from './refund.ts'

const codes = [
  ['0', 'success', undefined],
  ['R000001', 'failure', 'already_reversed'],
  ['R000002', 'failure', 'not_reversible'],
  ['1', 'failure', 'insufficient_funds'],
  ['2', 'failure', 'provider_error'],
  ['11', 'failure', 'account_inactive'],
  ['21', 'failure', 'operator_not_permitted'],
  ['2001', 'failure', 'operator_invalid'],
  ['2006', 'failure', 'account_inactive'],
  ['2028', 'failure', 'product_missing'],
  ['8006', 'failure', 'operator_locked'],
  ['99999', 'failure', 'provider_error'],
  ['constructor', 'failure', 'provider_error'],
] as const

for (const [code, verdict, failure] of codes) {
  test(`result code ${code} of a reversal is ${failure ?? verdict}`, () => {
    const said = verdictOf(code, 'In the words of Safaricom')
    assert.deepEqual([said.verdict, said.failure_code, said.provider_code], [verdict, failure, code])
  })
}

test('every failure that Safaricom lists for reversals has a sentence of ours', () => {
  const listed = BUSINESS_RESULT_CODES.filter(({ apis, code }) => apis.includes('reversal') && code !== '0')
  assert.ok(listed.length > 5)
  for (const { code } of listed) {
    const { message, failure_code } = verdictOf(code, 'In the words of Safaricom')
    assert.match(message!, /^[A-Z].*\.$/, code)
    assert.notEqual(failure_code, 'provider_error', code)
  }
})

test('what is no result is none', () => {
  for (const body of [undefined, {}, { Body: { stkCallback: {} } }, 'text'])
    assert.equal(readRefund({ headers: {}, body: Buffer.from(''), json: body }), undefined)
})

import assert from 'node:assert/strict'
import test from 'node:test'
import { describeError, ERROR_CODES } from './error-codes.ts'
import { describeResult, RESULT_CODES } from './result-codes.ts'

test('each result code has our word for its failure', () => {
  const failures: [string | number, string | undefined][] = [
    [0, undefined],
    ['4999', undefined],
    [1, 'insufficient_funds'],
    ['1032', 'cancelled_by_payer'],
    [2001, 'wrong_pin'],
    [1037, 'payer_unreachable'],
    [1036, 'payer_unreachable'],
    [1019, 'prompt_expired'],
    [1031, 'prompt_expired'],
    [2, 'limit_exceeded'],
    [3, 'limit_exceeded'],
    [4, 'limit_exceeded'],
    [8, 'limit_exceeded'],
    [17, 'limit_exceeded'],
    [1001, 'payer_busy'],
    [1025, 'provider_error'],
    ['SFC_IC0003', 'provider_error'],
    ['never seen', 'provider_error'],
  ]
  for (const [code, failure] of failures) assert.equal(describeResult(code).failure, failure, String(code))
})

test('only 4999 is not final, and every code has a sentence for the payer', () => {
  assert.deepEqual(
    RESULT_CODES.filter(({ final }) => !final).map(({ code }) => code),
    ['4999'],
  )
  for (const { code, payer } of RESULT_CODES) assert.match(payer, /^[A-Z].*\.$/, code)
  assert.equal(new Set(RESULT_CODES.map(({ code }) => code)).size, RESULT_CODES.length)
})

test('an error code is told apart by its message', () => {
  assert.match(describeError('500.001.1001', 'Merchant does not exist')?.advice ?? '', /short code/)
  assert.match(describeError('500.001.1001', '[MerchantValidate] - Wrong credentials')?.advice ?? '', /passkey/)
  assert.equal(describeError('500.001.1001', '')?.provesRefusal, false)
  assert.equal(describeError('500.003.02', 'in other words')?.provesRefusal, true)
  assert.equal(describeError('999.999'), undefined)
})

test('only the codes that Safaricom gives before it acts prove a refusal', () => {
  const proving = new Set(ERROR_CODES.filter(({ provesRefusal }) => provesRefusal).map(({ code }) => code))
  assert.deepEqual([...proving].sort(), ['500.001.1001', '500.002.1001', '500.003.02', '500.003.03'])
})

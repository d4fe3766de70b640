import assert from 'node:assert/strict'
import test from 'node:test'
import { parseAccountBalanceResult } from './account-balance.ts'
import { parseBalances } from './balances.ts'
import { readFixture } from './fixtures/fixture.ts'

test('a balance is read account by account', () => {
  const answer = parseAccountBalanceResult(readFixture('account-balance.result.success.json'))
  assert.deepEqual(
    answer?.accounts?.map(({ name, current }) => [name, current]),
    [
      ['Working Account', 700_000],
      ['Float Account', 0],
      ['Utility Account', 228_037],
      ['Charges Paid Account', -1540],
      ['Organization Settlement Account', 0],
    ],
  )
  assert.equal(answer.completedAt?.toISOString(), '2020-01-09T09:57:10.000Z')
})

test('what an account holds is what is available and what is reserved', () => {
  const [working] = parseBalances('Working Account|KES|346568.83|6186.83|340382.00|0.00') ?? []
  assert.deepEqual(working, {
    name: 'Working Account',
    currency: 'KES',
    current: 346_568.83,
    available: 6186.83,
    reserved: 340_382,
    uncleared: 0,
  })
})

test('a balance that cannot be read in full is not read by halves', () => {
  for (const text of ['', 'Working Account', 'Working Account|KES|1|1|0', 'A|KES|1|1|0|0&B|KES|x|1|0|0']) {
    assert.equal(parseBalances(text), undefined)
  }
  const failed = parseAccountBalanceResult(readFixture('account-balance.result.failure.json'))
  assert.deepEqual([failed?.result.resultCode, failed?.accounts], ['2001', undefined])
})

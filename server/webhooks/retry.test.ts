import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextAttemptAt } from './retry.ts'

const at = new Date('2026-03-01T10:00:00Z')

const schedule = [
  [1, '5 seconds', 5],
  [2, '5 minutes', 300],
  [3, '30 minutes', 1_800],
  [4, '2 hours', 7_200],
  [5, '5 hours', 18_000],
  [6, '10 hours', 36_000],
  [7, '14 hours', 50_400],
  [8, '20 hours', 72_000],
  [9, '24 hours', 86_400],
] as const
for (const [attempt, delay, seconds] of schedule) {
  test(`failed attempt ${attempt} is followed by another after ${delay}, or up to a tenth later`, () => {
    assert.equal(secondsUntil(nextAttemptAt(attempt, at, { random: 0 })), seconds)
    assert.equal(secondsUntil(nextAttemptAt(attempt, at, { random: 1 })), (seconds * 11) / 10)
  })
}

test('after the tenth attempt there is no other', () => {
  assert.equal(nextAttemptAt(10, at), undefined)
  assert.equal(nextAttemptAt(11, at, { retryAfter: '60' }), undefined)
})

const wishes = [
  ['60', 60],
  ['3', 5],
  ['0', 5],
  ['Sun, 01 Mar 2026 10:02:00 GMT', 120],
  ['Sun, 01 Mar 2026 09:00:00 GMT', 5],
  ['999999999', 86_400],
  ['-5', 5],
  ['soon', 5],
  ['', 5],
] as const
for (const [retryAfter, seconds] of wishes) {
  test(`Retry-After "${retryAfter}" makes the first retry come after ${seconds} seconds`, () => {
    assert.equal(secondsUntil(nextAttemptAt(1, at, { retryAfter, random: 0 })), seconds)
  })
}

function secondsUntil(next: Date | undefined): number {
  assert.ok(next)
  return (next.getTime() - at.getTime()) / 1000
}

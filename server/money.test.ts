import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatKes, toShillings } from './money.ts'

const written: [cents: number, shillings: string, full: string, short: string][] = [
  [0, '0.00', '0.00', '0'],
  [5, '0.05', '0.05', '0.05'],
  [150_000, '1500.00', '1,500.00', '1,500'],
  [123_456_789, '1234567.89', '1,234,567.89', '1,234,567.89'],
  // What was charged may be more than what came.
  [-5, '-0.05', '-0.05', '-0.05'],
  [-3_325, '-33.25', '-33.25', '-33.25'],
  [-150_000, '-1500.00', '-1,500.00', '-1,500'],
]

for (const [cents, shillings, full, short] of written)
  test(`${cents} cents are written as ${shillings} for programs, and as ${full} for people`, () =>
    assert.deepEqual([toShillings(cents), formatKes(cents), formatKes(cents, 'short')], [shillings, full, short]))

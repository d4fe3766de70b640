import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { readAmount, writeAmount } from './amount.ts'

test('an amount is read in every form in which Pesaflow writes it', () => {
  const forms: [unknown, number][] = [
    ['105.00', 10500],
    ['0.00', 0],
    ['1', 100],
    ['1.5', 150],
    ['2499900.00', 249990000],
    ['1,000.00', 100000],
    ['2,499,900', 249990000],
    ['105.0000', 10500],
    [' 105.00 ', 10500],
    ['KES 105.00', 10500],
    ['Ksh105', 10500],
    [105, 10500],
    [105.5, 10550],
    [0.29, 29],
    [0, 0],
  ]
  for (const [written, cents] of forms) assert.equal(readAmount(written), cents, String(written))
})

test('an amount that is not there is missing', () => {
  for (const value of [undefined, null, '']) assert.equal(readAmount(value), undefined)
})

test('an amount that is there and cannot be read is not missing', () => {
  const wrong = ['free', '-1', '1.005', '1.2.3', '1,00', '10,0000', '1e3', 1e21, NaN, -5, {}, [], true, '٣', 'USD 5']
  for (const value of wrong) assert.equal(readAmount(value), 'unreadable', JSON.stringify(value))
})

test('what is written is read back to the cent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (cents) => readAmount(writeAmount(cents)) === cents),
  )
  assert.equal(writeAmount(10000), '100.00')
  assert.equal(writeAmount(29), '0.29')
})

import assert from 'node:assert/strict'
import test from 'node:test'
import { paidTime, parseTime } from './time.ts'

test('every way in which Pesaflow writes a time is read', () => {
  const forms = [
    ['2025-01-06 16:35:15+03:00 EAT Africa/Nairobi', '2025-01-06T13:35:15.000Z'],
    ['2025-01-06 16:35:15+0300', '2025-01-06T13:35:15.000Z'],
    ['2025-01-06 16:35:15 EAT Africa/Nairobi', '2025-01-06T13:35:15.000Z'],
    ['2025-01-06T13:35:15Z', '2025-01-06T13:35:15.000Z'],
    ['2025-01-06 13:35:15.123456Z', '2025-01-06T13:35:15.123Z'],
    ['2025-01-06T13:35:15', '2025-01-06T13:35:15.000Z'],
    ['2025-01-06 13:35', '2025-01-06T13:35:00.000Z'],
    ['2024-01-01', '2023-12-31T21:00:00.000Z'],
    [' 2024-01-01 ', '2023-12-31T21:00:00.000Z'],
  ] as const
  for (const [written, expected] of forms) assert.equal(parseTime(written)?.toISOString(), expected, written)
})

test('what is no time of the calendar is not read as one', () => {
  const wrong = [
    '',
    'now',
    '2025-02-30',
    '2025-13-01',
    '2025-01-06 25:00:00',
    '2025-01-06T13:35:15+',
    '06/01/2025',
    '2025',
  ]
  for (const value of [...wrong, undefined, null, 20250106, {}, ['2025-01-06']])
    assert.equal(parseTime(value), undefined)
})

test('a payment that was put down three hours before it was made was made three hours earlier', () => {
  const at = (text: string) => parseTime(text)
  assert.deepEqual(paidTime(at('2025-06-06T07:26:48Z'), at('2025-06-06T04:26:49')), at('2025-06-06T04:26:48Z'))
  assert.deepEqual(paidTime(at('2025-01-06T13:35:15Z'), at('2025-01-06T13:35:15')), at('2025-01-06T13:35:15Z'))
  assert.deepEqual(paidTime(at('2025-01-06T13:35:15Z'), at('2025-01-07T09:00:00')), at('2025-01-06T13:35:15Z'))
  assert.deepEqual(paidTime(at('2025-01-06T13:35:15Z'), undefined), at('2025-01-06T13:35:15Z'))
  assert.deepEqual(paidTime(undefined, at('2025-01-06T13:35:16')), at('2025-01-06T13:35:16'))
  assert.equal(paidTime(undefined, undefined), undefined)
})

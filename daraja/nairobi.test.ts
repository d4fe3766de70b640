import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { formatNairobi, nairobiTimestamp, parseNairobi } from './nairobi.ts'

test('a timestamp is the wall clock of Nairobi', () => {
  assert.equal(nairobiTimestamp(new Date('2026-11-20T16:58:03Z')), '20261120195803')
  assert.equal(nairobiTimestamp(new Date('2026-12-31T21:00:00Z')), '20270101000000')
  assert.equal(formatNairobi(new Date('2026-11-20T21:30:00Z'), 'dd.MM.yyyy HH:mm'), '21.11.2026 00:30')
})

test('every way in which Daraja writes a time is read', () => {
  const forms: [string | number, string][] = [
    [20191219102115, '2019-12-19T07:21:15.000Z'],
    ['20191219102115', '2019-12-19T07:21:15.000Z'],
    ['06.07.2024 22:48:52', '2024-07-06T19:48:52.000Z'],
    ['2020-08-04 8:36:00', '2020-08-04T05:36:00.000Z'],
    ['2020-08-04 08:36', '2020-08-04T05:36:00.000Z'],
    ['2021-09-15 00:00:00.00', '2021-09-14T21:00:00.000Z'],
    ['2020-08-05T10:13:00Z', '2020-08-05T10:13:00.000Z'],
    ['01-01-1900 00:00', '1899-12-31T21:00:00.000Z'],
    ['01-05-2022', '2022-04-30T21:00:00.000Z'],
    ['2019-01-12', '2019-01-11T21:00:00.000Z'],
    [20260807, '2026-08-06T21:00:00.000Z'],
    ['2025-02-24T12:29:05.484864516', '2025-02-24T09:29:05.484Z'],
  ]
  for (const [written, expected] of forms) assert.equal(parseNairobi(written)?.toISOString(), expected, String(written))
})

test('what is no date of the calendar is not read as one', () => {
  for (const text of [
    '',
    'now',
    '20240230101010',
    '20241301000000',
    '20240101250000',
    '20240101106000',
    '2024',
    '202401011',
    12,
    NaN,
  ]) {
    assert.equal(parseNairobi(text), undefined, String(text))
  }
})

test('a written timestamp is read back to its second', () => {
  const instants = fc.date({ min: new Date('2007-03-06'), max: new Date('2099-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(instants, (instant) => {
      assert.equal(parseNairobi(nairobiTimestamp(instant))?.getTime(), Math.floor(instant.getTime() / 1000) * 1000)
    }),
  )
})

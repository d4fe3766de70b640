import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cell } from './cell.ts'
import { readDetails } from './details.ts'
import { readMoney } from './money-cell.ts'
import type { MoneyCell } from './money-cell.ts'
import { nobody, readParty } from './party-cell.ts'
import type { Party } from './party-cell.ts'
import { readMoment, readMomentOf } from './time-cell.ts'

const amounts: [Cell, MoneyCell][] = [
  ['1,500.00', 150_000],
  ['1500', 150_000],
  ['1500.5', 150_050],
  ['4 709', 470_900],
  ['4\u00A0709.10', 470_910],
  ['1,234,567.89', 123_456_789],
  ['0.00', 0],
  ['.50', 50],
  [' 20 ', 2_000],
  ['1500.000', 150_000],
  ['+1500.00', 150_000],
  ['-1,500.00', -150_000],
  ['\u22121,500.00', -150_000],
  ['\u20131,500.00', -150_000],
  ['(50.00)', -5_000],
  ['50.00-', -5_000],
  ['50.00 DR', -5_000],
  ['1,500.00 CR', 150_000],
  ['Ksh 100', 10_000],
  ['KSh100', 10_000],
  ['Kshs. 2,000/=', 200_000],
  ['KES 1,500.00', 150_000],
  ['1500 KES', 150_000],
  ['50/-', 5_000],
  ['KES -50.00', -5_000],
  ['-KES 50', -5_000],
  ['KES (50.00)', -5_000],
  ['="1,500.00"', 150_000],
  ["'1500", 150_000],
  ['１５００', 150_000],
  ['\u200B1500\uFEFF', 150_000],
  [1500, 150_000],
  [1500.1000000000001, 150_010],
  [-20.5, -2_050],
  ['', 'absent'],
  ['-', 'absent'],
  [' - ', 'absent'],
  ['\u2014', 'absent'],
  ['KSh -', 'absent'],
  ['N/A', 'absent'],
  ['null', 'absent'],
  [null, 'absent'],
  [undefined, 'absent'],
  ['abc', 'unreadable'],
  ['1,50', 'unreadable'],
  ['1500,00', 'unreadable'],
  ['1.500,00', 'unreadable'],
  ['1.500', 'unreadable'],
  ['12,34.00', 'unreadable'],
  ['1,500 000', 'unreadable'],
  ['1500.005', 'unreadable'],
  ['1500.', 'unreadable'],
  ['1.5E+03', 'unreadable'],
  ['1,5OO.00', 'unreadable'],
  ['--50', 'unreadable'],
  ['(-50)', 'unreadable'],
  ['USD 50', 'unreadable'],
  ['KES', 'unreadable'],
  ['#VALUE!', 'unreadable'],
  ['1234567890123', 'unreadable'],
  [1500.005, 'unreadable'],
  [true, 'unreadable'],
  [new Date('2026-11-20'), 'unreadable'],
]

for (const [cell, expected] of amounts) {
  test(`an amount written ${JSON.stringify(cell)} is ${typeof expected === 'number' ? `${expected} cents` : expected}`, () => {
    assert.equal(readMoney(cell), expected)
  })
}

const at = '2026-11-20T11:32:08.000Z'
const minute = '2026-11-20T11:32:00.000Z'
const day = '2026-11-19T21:00:00.000Z'
const times: [Cell, string | undefined][] = [
  ['20-11-2026 14:32:08', at],
  ['2026-11-20 14:32:08', at],
  ['20/11/2026 14:32:08', at],
  ['20.11.2026 14.32.08', at],
  ['20-11-26 14:32', minute],
  ['20/11/2026 2:32 PM', minute],
  ['20-11-2026 02:32:08 pm', at],
  ['20-11-2026 2:32:08 p.m.', at],
  ['20-11-2026 14:32:08 PM', at],
  ['20-Nov-2026 14:32:08', at],
  ['20 November 2026, 14:32', minute],
  ['20th Nov 2026 14:32', minute],
  ['Nov 20, 2026 2:32 PM', minute],
  ['Friday, 20 Nov 2026 14:32:08', at],
  ['2026-11-20T14:32:08+03:00', at],
  ['2026-11-20T14:32:08.123+0300', at],
  ['2026-11-20T11:32:08Z', at],
  ['2026-11-20 14:32:08 EAT', at],
  ['Fri Nov 20 2026 14:32:08 GMT+0300 (East Africa Time)', at],
  ['2026-11-20\r\n14:32:08', at],
  ['2026-11-20\n14:32:08', at],
  ['2026-11-20  14:32:08', at],
  ['20-11-2026, 14:32:08', at],
  ['20–11–2026 14:32:08', at],
  ["'20-11-2026 14:32:08", at],
  ['20261120143208', at],
  ['46346.605648', at],
  [46346.605648, at],
  [new Date('2026-11-20T14:32:08.4Z'), at],
  ['20-Nov-2026', day],
  ['46346', day],
  [new Date('2026-11-20'), day],
  ['1/5/2026 9:05', '2026-05-01T06:05:00.000Z'],
  ['12-05-2026 12:05 AM', '2026-05-11T21:05:00.000Z'],
  ['12-05-2026 12:05 PM', '2026-05-12T09:05:00.000Z'],
  ['11/20/2026 14:32', undefined],
  ['30-02-2026 10:00:00', undefined],
  ['2026-13-01', undefined],
  ['20-11-2026 24:00:00', undefined],
  ['20-11-2026 14:60', undefined],
  ['20-11-2026 14:32 AM', undefined],
  ['20-11-2026 14:3', undefined],
  ['14:32:08', undefined],
  ['20-11-1899', undefined],
  ['yesterday', undefined],
  ['1500', undefined],
  ['', undefined],
  [null, undefined],
]

for (const [cell, expected] of times) {
  test(`a time written ${JSON.stringify(cell)} is ${expected ?? 'none'}`, () => {
    assert.equal(readMoment(cell)?.at.toISOString(), expected)
  })
}

test('date and time stand in two columns, or both in one of them', () => {
  const pairs: [Cell, Cell][] = [
    ['20-11-2026', '14:32:08'],
    ['20/11/2026', '2:32:08 PM'],
    [new Date('2026-11-20'), new Date('1899-12-30T14:32:08Z')],
    ['20-11-2026', 0.605648],
    ['', '20-11-2026 14:32:08'],
    ['20-11-2026 14:32:08', ''],
    ['20-11-2026', '20-11-2026 14:32:08'],
  ]
  for (const [date, hour] of pairs)
    assert.equal(readMomentOf(date, hour)?.at.toISOString(), at, `${String(date)} and ${String(hour)}`)
})

test('a moment lasts as long as it is written: a second, a minute, a day', () => {
  const spans = ['20-11-2026 14:32:08', '20-11-2026 14:32', '20-11-2026'].map((text) => readMoment(text)?.spanMs)
  assert.deepEqual(spans, [1_000, 60_000, 86_400_000])
})

const amina = { ...nobody, phone: '254712345678', name: 'AMINA' }
const masked = { ...nobody, phone_masked: '2547*****126', name: 'AMINA' }
const parties: [string, Party][] = [
  ['254712345678 - AMINA', amina],
  ['254712345678- AMINA', amina],
  ['254712345678-AMINA', amina],
  ['254712345678 AMINA', amina],
  ['254712345678 \u2013 AMINA', amina],
  ['AMINA - 254712345678', amina],
  ['AMINA (0712345678)', amina],
  ['0712 345 678 - AMINA', amina],
  ['+254 712 345 678 - AMINA', amina],
  ['2547*****126 - AMINA', masked],
  ['2547 ***** 126 - AMINA', masked],
  ['AMINA 2547*****126', masked],
  ['*********126 - AMINA', { ...masked, phone_masked: '*********126' }],
  ['2547XXXXX126 - AMINA', { ...masked, phone_masked: '2547**126' }],
  ['070****126 - AMINA **** H', { ...nobody, phone_masked: '070****126', name: 'AMINA **** H' }],
  ['254712345678 - A - B', { ...amina, name: 'A - B' }],
  ['254712345678 7 ELEVEN', { ...amina, name: '7 ELEVEN' }],
  ['12345 STORES - 254712345678', { ...amina, name: '12345 STORES' }],
  ['254712345678', { ...amina, name: null }],
  ['254712345678 - AMINA (K)', { ...amina, name: 'AMINA (K)' }],
  ['174379 - DUKA', { ...nobody, shortcode: '174379', name: 'DUKA' }],
  ['DUKA - 174379', { ...nobody, shortcode: '174379', name: 'DUKA' }],
  ['a'.repeat(64), { ...nobody, phone_hash: 'a'.repeat(64) }],
  ['KCB BANK', { ...nobody, name: 'KCB BANK' }],
  ['', nobody],
  ['-', nobody],
  ['N/A', nobody],
]

for (const [text, expected] of parties) {
  test(`the other party ${JSON.stringify(text)} is read`, () => {
    assert.deepEqual(readParty(text), expected)
  })
}

const sentences: [string, words: string, number: string | null, name: string | null, account: string | null][] = [
  ['Pay Bill Online from 254712345678 - AMINA Acc. INV-204', 'Pay Bill Online', '254712345678', 'AMINA', 'INV-204'],
  ['Pay Bill from 2547*****126 - AMINA Acc. school fees', 'Pay Bill', '2547*****126', 'AMINA', 'school fees'],
  ['Pay Bill from 254712345678 - FEES SETTLEMENT Acc.', 'Pay Bill', '254712345678', 'FEES SETTLEMENT', null],
  ['Pay Bill from 254712345678 - ACC. SUPPLIES Acc. 7', 'Pay Bill', '254712345678', 'ACC. SUPPLIES', '7'],
  ['Pay Bill from AMINA CHARGES', 'Pay Bill', null, 'AMINA CHARGES', null],
  ['Pay Bill from 254712345678 - A Acc. paid via mum', 'Pay Bill', '254712345678', 'A', 'paid via mum'],
  [
    'Business Payment to Customer via API to 254712345678 - A',
    'Business Payment to Customer via API',
    '254712345678',
    'A',
    null,
  ],
  [
    'Business Pay Bill via API by 600999 - BANK TO PAYBILL Acc. 12',
    'Business Pay Bill via API',
    '600999',
    'BANK TO PAYBILL',
    '12',
  ],
  [
    'FSI to Pay Bill by 600999 - A BANK Acc. Duka via WEB by A BANK\\User1',
    'FSI to Pay Bill',
    '600999',
    'A BANK',
    'Duka',
  ],
  ['Customer Payment - REVERSE GEAR - 254712345678', 'Customer Payment', '254712345678', null, null],
  ['Pay Bill Reversal of UKK7X2M4QA, 254712345678 - A', 'Pay Bill Reversal of UKK7X2M4QA', '254712345678', 'A', null],
  [
    'Utility Account to Organization Settlement Account',
    'Utility Account to Organization Settlement Account',
    null,
    null,
    null,
  ],
  ['Pay Bill Charge', 'Pay Bill Charge', null, null, null],
  ['', '', null, null, null],
]

for (const [sentence, words, number, name, account] of sentences) {
  test(`the details ${JSON.stringify(sentence)} are taken apart`, () => {
    const { words: read, party, account: typed } = readDetails(sentence)
    const shown = party.phone ?? party.phone_masked ?? party.shortcode
    assert.deepEqual([read, shown, party.name, typed], [words, number, name, account])
  })
}

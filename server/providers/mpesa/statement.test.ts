import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readStatement } from './statement.ts'

const header =
  'Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.'

/** A statement as the portal exports it, newest first. */
const statement = (...lines: string[]) =>
  Buffer.from(
    [
      '\uFEFFOrganization Account Statement',
      'Organization Name:,"Duka, Bora"',
      'Short Code:,600123',
      'Account:,Utility Account',
      '',
      header,
      ...lines,
      '',
    ].join('\r\n'),
  )

const paid =
  'UKK7X2M4QA,20-11-2026 14:32:08,20-11-2026 14:32:05,Pay Bill Online from 254712345678 - Amina Hassan Acc. INV-204,Completed,"1,500.00",,"101,500.00",true,Pay Bill Online,254712345678 - Amina Hassan,,INV-204'

test('a statement is read by the names of its columns, in Nairobi time, whatever stands above them', () => {
  const { shortcode, records, ignored } = readStatement(statement(paid))
  assert.equal(shortcode, '600123')
  assert.equal(ignored, 0)
  const { raw, ...record } = records[0]!
  assert.match(raw, /UKK7X2M4QA/)
  assert.deepEqual(record, {
    kind: 'payment',
    money: 'stk',
    direction: 'in',
    receipt: 'UKK7X2M4QA',
    amount_cents: 150_000,
    phone: '254712345678',
    phone_masked: null,
    phone_hash: null,
    shortcode: null,
    payer_name: 'Amina Hassan',
    reference: 'INV-204',
    type: 'Pay Bill Online',
    linked_receipt: null,
    at: new Date('2026-11-20T11:32:08Z'),
    at_or: [],
  })
})

const kinds: [line: string, kind: string, direction: string, linked: string | null][] = [
  [paid, 'payment', 'in', null],
  ['A1B2C3D4E5,20-11-2026 14:00:00,,Pay Bill,Completed,10,,,,Pay Bill,2547******678 - AMINA,,X', 'payment', 'in', null],
  [
    'A1B2C3D4E5,20-11-2026 14:00:00,,x,Completed,10,,,,Business Pay Bill via API,600999 - Mill,,X',
    'payment',
    'in',
    null,
  ],
  [
    'A1B2C3D4E5,20-11-2026 14:00:00,,x,Completed,,-10.00,,,Pay Bill Reversal,254712345678 - A,UKK7X2M4QA,',
    'reversal',
    'out',
    'UKK7X2M4QA',
  ],
  [
    'A1B2C3D4E5,20-11-2026 14:00:00,,Pay Bill Reversal of UKK7X2M4QA,Completed,,-10.00,,,Pay Bill Reversal,254712345678 - A,,',
    'reversal',
    'out',
    'UKK7X2M4QA',
  ],
  [
    'A1B2C3D4E5,20-11-2026 14:00:00,,x,Completed,,-10.00,,,Business Payment to Customer via API,254712345678 - A,,',
    'payout',
    'out',
    null,
  ],
  [
    'A1B2C3D4E5,20-11-2026 14:00:00,,x,Completed,,-10.00,,,Business to Business Transfer via API,600999 - Mill,,',
    'payout',
    'out',
    null,
  ],
  ['A1B2C3D4E5,20-11-2026 14:00:00,,x,Completed,,-0.55,,,Pay Bill Charge,254712345678 - A,,', 'charge', 'out', null],
  [
    'A1B2C3D4E5,20-11-2026 14:00:00,,x,Completed,,-10.00,,,Business Transfer from Utility to MMF,600123 - Duka,,',
    'transfer',
    'out',
    null,
  ],
  [
    'A1B2C3D4E5,20-11-2026 14:00:00,,x,Completed,,-10.00,,,Organization Settlement,100200 - Bank,,',
    'transfer',
    'out',
    null,
  ],
]

for (const [line, kind, direction, linked] of kinds) {
  const words = line.split(',')[9] || line.split(',')[3]
  test(`"${words}" of ${line.split(',')[10]} is a ${kind}, ${direction}`, () => {
    const [record] = readStatement(statement(line)).records
    assert.deepEqual([record?.kind, record?.direction, record?.linked_receipt], [kind, direction, linked])
  })
}

test('what failed and what is no movement is counted and left out', () => {
  const failed = paid.replace('Completed', 'Failed')
  const { records, ignored } = readStatement(statement(failed, 'Total,,,,,,,,,,,,', ',,,,,"1,500.00",,,,,,,', paid))
  assert.deepEqual([records.length, ignored], [1, 3])
})

test('records come oldest first, and what takes money back after the money', () => {
  const reversal =
    'A1B2C3D4E5,20-11-2026 14:32:08,,x,Completed,,-1500.00,,,Pay Bill Reversal,254712345678 - A,UKK7X2M4QA,'
  const later = paid.replace('UKK7X2M4QA', 'UKK7X2M4QB').replace('14:32:08', '15:00:00')
  const { records } = readStatement(statement(later, reversal, paid))
  assert.deepEqual(
    records.map(({ receipt }) => receipt),
    ['UKK7X2M4QA', 'A1B2C3D4E5', 'UKK7X2M4QB'],
  )
})

for (const [what, content, message] of [
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), /Receipt No\./],
  ['an empty file', Buffer.from(''), /Receipt No\./],
  ['another list', Buffer.from('Name,Amount\nAmina,5\n'), /Receipt No\./],
  ['a list without amounts', Buffer.from('Receipt No.,Completion Time\nUKK7X2M4QA,20-11-2026 14:32:08\n'), /paidin/],
] as const) {
  test(`${what} is no statement`, () => {
    assert.throws(() => readStatement(content), message)
  })
}

import fc from 'fast-check'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { writeCsv } from '../../simulator/statement/csv.ts'
import type { Sheet, StatementCell } from '../../simulator/statement/layouts.ts'
import { writeXlsx } from '../../simulator/statement/xlsx.ts'
import { strange } from './generate.ts'
import type { Generated } from './generate.ts'
import { mangledBytes } from './mangle.ts'

const heads = [
  'Receipt No.',
  'Completion Time',
  'Initiation Time',
  'Details',
  'Transaction Status',
  'Paid In',
  'Withdrawn',
  'Balance',
  'Balance Confirmed',
  'Reason Type',
  'Other Party Info',
  'Linked Transaction ID',
  'A/C No.',
  'Paid In (KES)',
  'Currency',
  '',
]
const tops: StatementCell[][] = [
  ['Short Code:', '174379'],
  ['Time Period:', 'From', '20-11-2026 00:00:00', 'To', '21-11-2026 00:00:00'],
  ['Opening Balance:', 1, 'Closing Balance:', 'x'],
  ['Organization', '999999'],
  [],
]

const cell: fc.Arbitrary<StatementCell> = fc.oneof(
  fc.constantFrom<StatementCell>(
    'UKK7X2M4QA',
    'UKK7X2M4QB',
    '20-11-2026 14:32:08',
    '31-02-2026',
    'Completed',
    'Failed',
    '1,500.00',
    '-10',
    '1.500,00',
    '1e9',
    '999999999999999999.99',
    '254712345678 - AMINA',
    'true',
    'Pay Bill',
    '#REF!',
    '=1+1',
    null,
    10,
    -0.5,
    1e300,
  ),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') }),
  strange.map((value) => (typeof value === 'string' ? value : JSON.stringify(value ?? null))),
)

/** A sheet of anything, under heads that are mostly those of a statement. */
const sheet: fc.Arbitrary<Sheet> = fc
  .record({
    top: fc.array(fc.constantFrom(...tops), { maxLength: 3 }),
    head: fc.oneof(
      fc.constant(heads.slice(0, 13)),
      fc.shuffledSubarray(heads),
      fc.array(fc.constantFrom(...heads), { maxLength: 20 }),
    ),
    rows: fc.array(fc.array(cell, { maxLength: 16 }), { maxLength: 12 }),
  })
  .map(({ top, head, rows }) => ({
    rows: [...top, head, ...rows],
    writeAmount: String,
    writeTime: (at) => at.toISOString(),
  }))

const lines = 'Receipt No.,Completion Time,Paid In,Withdrawn\n'

/** What is no statement, or one made to cost its reader dear, within what a minute of a test can bear. */
const hostile: [what: string, bytes: Uint8Array][] = [
  ['nothing', Buffer.from('')],
  ['one comma a row', Buffer.from(lines + ',\n'.repeat(20_000))],
  ['commas alone', Buffer.from(lines + ','.repeat(200_000))],
  ['empty rows', Buffer.from(lines + '\r\n'.repeat(100_000))],
  ['a quote without end', Buffer.from(`${lines}"${'x\n'.repeat(50_000)}`)],
  ['quotes alone', Buffer.from(lines + '"'.repeat(100_001))],
  ['a cell of 500 KB', Buffer.from(`${lines}${'9'.repeat(500_000)},,,\n`)],
  ['zeros', Buffer.alloc(100_000)],
  ['half of UTF-16', Buffer.from(`\ufeff${lines}`, 'utf16le').subarray(0, 31)],
  ['surrogates', Buffer.from(`${lines}\ud800,\udfff`, 'utf16le')],
  ['HTML', Buffer.from('<html><table><tr><td>Receipt No.</td></tr></table></html>')],
  ['PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj')],
  ['XLS', Buffer.from('d0cf11e0a1b11ae1000000', 'hex')],
  ['XML', Buffer.from('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>')],
  ['gzip', gzipSync(lines)],
  ['the beginning of a ZIP', Buffer.from('PK\x03\x04')],
  ['a ZIP of nothing', Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)])],
  [
    'a ZIP that says it is larger',
    Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(22, 255), deflateRawSync('x'.repeat(9_999))]),
  ],
]

/** Uploads of statements: those that the files are, the same broken, and what was never one. */
export function uploadOf(files: Uint8Array[]): fc.Arbitrary<Generated> {
  const bytes = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...files) },
    { weight: 6, arbitrary: fc.constantFrom(...files).chain(mangledBytes) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(sheet, fc.constantFrom(',', ';', '\t', '|'))
        .map(([rows, between]) => Buffer.from(writeCsv(rows, between))),
    },
    { weight: 3, arbitrary: sheet.map(writeXlsx) },
    { weight: 1, arbitrary: sheet.map(writeXlsx).chain(mangledBytes) },
    { weight: 2, arbitrary: fc.constantFrom(...hostile.map(([, content]) => content)) },
  )
  const queries = [
    '',
    '?preview=true',
    '?preview=true&assume_completed=true',
    '?assume_completed=true&shortcode=174379',
    '?preview=perhaps',
    '?limit=-1',
    '?shortcode=999999',
  ]
  return fc
    .record({ bytes, query: fc.constantFrom(...queries), dress: fc.constantFrom(...dresses) })
    .map(({ bytes: content, query, dress }) => ({
      method: 'POST',
      path: `/v1/reconciliation/statements${query}`,
      ...dress(Uint8Array.from(content)),
    }))
}

type Dress = (content: Uint8Array<ArrayBuffer>) => Pick<Generated, 'headers' | 'body'>

const bare =
  (type: string): Dress =>
  (body) => ({ headers: { ...(type && { 'Content-Type': type }) }, body })

/** A form around the file, `around` being what stands before and after it. */
const form =
  (type: string, before: string, after: string): Dress =>
  (content) => ({
    headers: { 'Content-Type': type },
    body: Uint8Array.from(Buffer.concat([Buffer.from(before), content, Buffer.from(after)])),
  })

const field = 'Content-Disposition: form-data; name="file"; filename="statement.csv"'
const dresses: Dress[] = [
  bare('text/csv'),
  bare('application/octet-stream'),
  bare('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
  bare(''),
  bare('application/json'),
  bare('text/csv; charset=utf-99'),
  form('multipart/form-data; boundary=x', `--x\r\n${field}\r\n\r\n`, '\r\n--x--\r\n'),
  form('multipart/form-data; boundary=x', `--x\r\n${field}\r\n\r\n`, ''),
  form('multipart/form-data', `--x\r\n${field}\r\n\r\n`, '\r\n--x--\r\n'),
  form('multipart/form-data; boundary=x', `--x\r\n${field.replace('file"', 'other"')}\r\n\r\n`, '\r\n--x--\r\n'),
]

import { parseNairobi } from '@lango/daraja'
import { parse } from 'csv-parse/sync'
import { Problem } from '../../problem.ts'
import type { ProviderRecord, Statement } from '../record.ts'
import { payerOf } from './c2b.ts'

/** The columns of the organisation portal, by their letters and digits alone. */
const columns = {
  receipt: 'receiptno',
  completed: 'completiontime',
  details: 'details',
  status: 'transactionstatus',
  paidIn: 'paidin',
  withdrawn: 'withdrawn',
  party: 'otherpartyinfo',
  reason: 'reasontype',
  linked: 'linkedtransactionid',
  account: 'acno',
} as const
type Column = keyof typeof columns
type Row = Record<Column, string> & { raw: string }

const needed = ['receipt', 'completed', 'paidIn', 'withdrawn'] as const

/**
 * Reads an account statement as the M-PESA organisation portal exports it in CSV, oldest first. Columns are found by their names
 * and what stands above them is skipped; times are Nairobi's. Only completed movements are records.
 * @throws a Problem when it is no such statement.
 */
export function readStatement(content: Buffer): Statement {
  const lines = readCsv(content)
  const top = lines.findIndex((line) => line.map(plain).includes(columns.receipt))
  if (top < 0) throw refusal('There is no column "Receipt No." in it.')
  const header = lines[top]!.map(plain)
  const missing = needed.find((column) => !header.includes(columns[column]))
  if (missing)
    throw refusal(
      `Beside "Receipt No." it needs the columns Completion Time, Paid In and Withdrawn; "${columns[missing]}" is missing.`,
    )

  const shortcode = shortcodeIn(lines.slice(0, top))
  const rows = lines.slice(top + 1).map((line) => rowOf(header, line))
  const moved = rows.filter(hasMoved)
  const records = moved.map((row) => readRow(row, shortcode))
  return { shortcode, records: oldestFirst(records), ignored: rows.length - moved.length }
}

function readCsv(content: Buffer): string[][] {
  try {
    return parse(content, {
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    })
  } catch (error) {
    throw refusal((error as Error).message)
  }
}

function refusal(why: string): Problem {
  return new Problem(
    'invalid_request',
    `This is not a statement that the M-PESA organisation portal exports as CSV. ${why}`,
    'file',
  )
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** `Short Code:,600123`, in one cell or two. */
function shortcodeIn(preamble: string[][]): string | undefined {
  const line = preamble.map((cells) => cells.join(' ')).find((text) => /short\s?code/i.test(text))
  return /\b\d{5,7}\b/.exec(line ?? '')?.[0]
}

function rowOf(header: string[], line: string[]): Row {
  const names = Object.entries(columns) as [Column, string][]
  const cells = Object.fromEntries(names.map(([column, name]) => [column, line[header.indexOf(name)] ?? '']))
  return { ...(cells as Record<Column, string>), raw: JSON.stringify(line) }
}

/** What failed, was cancelled, or is the sum at the end of a list has moved nothing. */
function hasMoved({ receipt, status }: Row): boolean {
  return status === '' ? /\d/.test(receipt) : receipt !== '' && /^completed$/i.test(status)
}

function readRow(row: Row, shortcode: string | undefined): ProviderRecord {
  const direction = row.withdrawn === '' || readCents(row.withdrawn) === 0 ? 'in' : 'out'
  const [party = '', ...name] = row.party.split(' - ')
  return {
    kind: kindOf(row, direction, isOwn(party, shortcode)),
    money: moneyOf(row, party),
    direction,
    receipt: row.receipt,
    amount_cents: readCents(direction === 'in' ? row.paidIn : row.withdrawn) ?? null,
    ...payerOf(party),
    shortcode: /^\d{5,7}$/.test(party) ? party : null,
    payer_name: name.join(' - ').trim() || null,
    reference: row.account || null,
    type: row.reason || row.details || null,
    linked_receipt: row.linked || /\bof ([A-Z0-9]{10})\b/.exec(row.details)?.[1] || null,
    at: parseNairobi(row.completed) ?? null,
    at_or: [],
    raw: row.raw,
  }
}

function isOwn(party: string, shortcode: string | undefined): boolean {
  return party === '' || party === shortcode
}

function kindOf({ reason, details }: Row, direction: 'in' | 'out', isWithOneself: boolean): ProviderRecord['kind'] {
  const words = reason || details
  if (/revers/i.test(words)) return 'reversal'
  if (/\b(charges?|fees?|commission)\b/i.test(words)) return 'charge'
  if (isWithOneself || /settlement/i.test(words)) return 'transfer'
  return direction === 'in' ? 'payment' : 'payout'
}

/** A push is "online" in the words of the statement; what another organisation paid is neither push nor menu. */
function moneyOf({ reason, details }: Row, party: string): ProviderRecord['money'] {
  if (/^\d{5,7}$/.test(party)) return 'other'
  return /online/i.test(reason || details) ? 'stk' : 'c2b'
}

/** `1,500.00`, and withdrawals with a minus before it; undefined for what is no amount. */
function readCents(text: string): number | undefined {
  const match = /^-?(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.replace(/[,\s]/g, '').replace(/^KES/i, ''))
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : undefined
}

/** The portal lists the newest first. What takes money back comes after the money, also within one second. */
function oldestFirst(records: ProviderRecord[]): ProviderRecord[] {
  const rank = ({ kind }: ProviderRecord) => (kind === 'payment' ? 0 : 1)
  return records
    .toReversed()
    .sort((left, right) => (left.at?.getTime() ?? 0) - (right.at?.getTime() ?? 0) || rank(left) - rank(right))
}

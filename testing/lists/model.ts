import { createHash } from 'node:crypto'
import { formatNairobi, parsePhone } from '@lango/daraja'
import { firstIdOf, parseId } from '../../server/id.ts'
import { parseShillings } from '../../server/money.ts'
import { normalReference } from '../../server/reference.ts'
import type { Row, Rows, Table } from './rows.ts'

/** What a list can be asked for. */
export type Asked = { table: Table; mode: 'test' | 'live'; filter: Record<string, any>; limit: number; before?: string }

/** The page that a list must answer, by looking at every row. */
export function expected(rows: Rows, { table, mode, filter, limit, before }: Asked, now: Date) {
  const found = rows[table]
    .filter((row) => isVisible(row, mode) && (before === undefined || row.id < before))
    .filter((row) =>
      Object.entries(filter).every(([name, value]) => value === undefined || meets(rows, table, row, name, value, now)),
    )
    .toSorted((one, other) => (one.id < other.id ? 1 : -1))
  return { ids: found.slice(0, limit).map(({ id }) => id), hasMore: found.length > limit }
}

function isVisible(row: Row, mode: string): boolean {
  return !row.folded_into && (mode === 'live' || (row.environment ?? row.mode) !== 'live')
}

/** Whether a row meets one thing that a list is narrowed to. */
function meets(rows: Rows, table: Table, row: Row, name: string, value: any, now: Date): boolean {
  const amount = row.total_cents ?? row.amount_cents
  switch (name) {
    case 'since':
      return row.id >= firstIdOf(value)
    case 'until':
      return row.id < firstIdOf(value)
    case 'min_amount':
      return amount >= value
    case 'max_amount':
      return amount <= value
    case 'status':
      return row.status === value || (value === 'pending' && row.status === 'created')
    case 'needs_attention':
      return (row.needs_attention !== null) === value
    case 'unmatched':
      return (row.payment_id === null) === value
    case 'account_reference':
      return table === 'money_in' ? row.reference === value : keyOf(row.sent_reference) === normalReference(value)
    case 'reference':
      return keyOf(row.reference) === normalReference(value)
    case 'overdue':
      return (
        value ===
        (['open', 'part_paid'].includes(row.status) &&
          row.due_on !== null &&
          row.due_on < formatNairobi(now, 'yyyy-MM-dd'))
      )
    case 'search':
      return searches[table]!(row, value, rows)
    default:
      return row[name] === value
  }
}

type Search = (row: Row, text: string, rows: Rows) => boolean

const searches: Partial<Record<Table, Search>> = {
  payments: (row, text, { money_in }) =>
    text.startsWith('pay_')
      ? row.id === parseId('pay', text)
      : begins(row.provider_receipt, text.toUpperCase()) ||
        hasPhone(row.phone, text) ||
        hasReference(row.sent_reference, text) ||
        begins(row.external_reference, text) ||
        isNamed(row.payer_name, text) ||
        namesOf(money_in, row.id).some((name) => isNamed(name, text)),
  money_in: (row, text) =>
    begins(row.receipt, text.toUpperCase()) ||
    hasPhone(row.phone, text) ||
    hasHiddenPhone(row, text) ||
    row.amount_cents === parseShillings(text.replace(/^kes|ksh|,/gi, '')) ||
    begins(row.reference?.toUpperCase(), text.toUpperCase()) ||
    isNamed(row.payer_name, text),
  payouts: (row, text) =>
    begins(row.provider_receipt, text.toUpperCase()) ||
    begins(row.phone, text.replace(/[ +]/g, '').replace(/^0/, '254')) ||
    [row.shortcode, row.account_reference, row.external_reference].some((value) => begins(value, text)),
  invoices: (row, text) =>
    hasReference(row.reference, text) || hasPhone(row.customer_phone, text) || isNamed(row.customer_name, text),
}

function begins(value: string | null | undefined, beginning: string): boolean {
  return value !== null && value !== undefined && value.startsWith(beginning)
}

function hasPhone(phone: string | null, text: string): boolean {
  const typed = text.replace(/[ +]/g, '').replace(/^0/, '254')
  return begins(phone, /^[17]\d{8}$/.test(typed) ? `254${typed}` : typed)
}

function hasHiddenPhone({ phone_hash, phone_masked }: Row, text: string): boolean {
  const phone = parsePhone(text)
  if (!phone) return false
  if (phone_hash) return phone_hash === createHash('sha256').update(phone).digest('hex')
  const [first, last] = (phone_masked ?? '').split(/[ *]+/)
  return phone_masked !== null && phone.startsWith(first!) && phone.endsWith(last!)
}

/** The normal form as the tables hold it: what is beyond ASCII is none of it. */
function keyOf(reference: string): string {
  return reference.replace(/[^A-Za-z0-9]/g, '').toUpperCase()
}

function hasReference(reference: string, text: string): boolean {
  const key = normalReference(text)
  return key !== '' && begins(keyOf(reference), key)
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

function isNamed(name: string | null, text: string): boolean {
  const sought = wordsOf(text).filter((word) => /\p{L}/u.test(word))
  if (name === null || sought.length === 0) return false
  return sought.every((word) => wordsOf(name).some((one) => one.startsWith(word)))
}

const byPayment = new WeakMap<Row[], Map<string, string[]>>()

function namesOf(money: Row[], payment_id: string): string[] {
  let names = byPayment.get(money)
  if (!names) {
    names = new Map(
      Map.groupBy(money, (row) => row.payment_id)
        .entries()
        .map(([id, of]) => [id, of.map(({ payer_name }) => payer_name)]),
    )
    byPayment.set(money, names)
  }
  return names.get(payment_id) ?? []
}

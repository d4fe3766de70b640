import { ledgerEntries } from './ledger.ts'
import type { LedgerEntry, Move } from './ledger.ts'
import { nairobi } from './nairobi.ts'
import { findOrganisation } from './organisation.ts'
import type { AccountName } from './organisation.ts'
import { findPhone } from './phone.ts'
import type { World } from './world.ts'

export type StatementOptions = {
  /** 174379 unless named. */
  shortcode?: string
  /** From and to which time, both included: a day in Nairobi (`2026-11-20`) or an ISO 8601 time. */
  from?: string
  to?: string
  /** The account that customers pay into, unless named. */
  account?: string
}

const columns = [
  'Receipt No.',
  'Completion Time',
  'Initiation Time',
  'Details',
  'Transaction Status',
  'Paid In',
  'Withdrawn',
  'Balance',
  'Other Party Info',
  'Reason Type',
  'Linked Transaction ID',
  'A/C No.',
]

/**
 * An organisation's account statement as the M-PESA portal exports it: some lines about the account, the columns, then
 * the movements, newest first; times in Nairobi, withdrawals negative. Throws a sentence about what it cannot read.
 */
export function statement(world: World, { shortcode = '174379', from, to, account }: StatementOptions = {}): string {
  const organisation = findOrganisation(world, shortcode)
  if (organisation === undefined)
    throw new Error(`There is no organisation ${shortcode}. A short code has 5 to 7 digits.`)
  const receiving: AccountName = organisation.type === 'till' ? 'Merchant Account' : 'Utility Account'
  const name = account ?? receiving
  const start = from === undefined ? -Infinity : readTime(from, '00:00:00.000')
  const end = to === undefined ? Infinity : readTime(to, '23:59:59.999')
  const found = ledgerEntries(world)
    .filter(({ at }) => Date.parse(at) >= start && Date.parse(at) <= end)
    .flatMap((entry) => entry.moves.map((move) => ({ entry, move })))
    .filter(({ move }) => move.shortcode === shortcode && move.account === name)
  const held = organisation.accounts[receiving] ?? 0
  const first = found[0]?.move
  const lines = [
    ['Organization Account Statement'],
    ['Organization Name:', organisation.name],
    ['Short Code:', shortcode],
    ['Account:', name],
    ['Time Period:', `From ${from ?? 'the beginning'} To ${to ?? 'now'}`],
    ['Opening Balance:', money(first === undefined ? held : first.balance - first.change)],
    ['Closing Balance:', money(found.at(-1)?.move.balance ?? held)],
    [],
    columns,
    ...found.toReversed().map(({ entry, move }) => line(world, entry, move)),
  ]
  return lines.map((cells) => cells.map(quote).join(',')).join('\r\n') + '\r\n'
}

function line(world: World, entry: LedgerEntry, { shortcode, change, balance }: Move): string[] {
  const other = otherParty(world, entry, shortcode)
  const at = writeTime(new Date(entry.at))
  return [
    entry.receipt,
    at,
    at,
    details(entry, other, change),
    'Completed',
    change > 0 ? money(change) : '',
    change < 0 ? money(change) : '',
    money(balance),
    other,
    entry.reason,
    entry.reverses ?? '',
    entry.reference ?? '',
  ]
}

function details({ reason, reference, reverses }: LedgerEntry, other: string, change: number): string {
  if (reverses !== null) return `${reason} of ${reverses}, ${other}`
  return `${reason} ${change > 0 ? 'from' : 'to'} ${other}${reference === null ? '' : ` Acc. ${reference}`}`
}

/** `254712345678 - Amina Hassan`, or another organisation. */
function otherParty(world: World, { msisdn, moves }: LedgerEntry, shortcode: string): string {
  if (msisdn !== null) return `${msisdn} - ${findPhone(world, msisdn).name}`
  const other = moves.find((move) => move.shortcode !== shortcode)?.shortcode ?? shortcode
  return `${other} - ${findOrganisation(world, other)?.name ?? ''}`
}

function readTime(text: string, timeOfDay: string): number {
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T${timeOfDay}+03:00` : text)
  if (Number.isNaN(at)) throw new Error(`${text} is no time. Write a day like 2026-11-20, or an ISO 8601 time.`)
  return at
}

/** `20-11-2026 20:15:05`. */
function writeTime(at: Date): string {
  const { year, month, day, hour, minute, second } = nairobi(at)
  return `${day}-${month}-${year} ${hour}:${minute}:${second}`
}

const money = (amount: number) => amount.toFixed(2)

const quote = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

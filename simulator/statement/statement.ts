import { ledgerEntries } from '../ledger.ts'
import type { LedgerEntry, Move } from '../ledger.ts'
import { findOrganisation } from '../organisation.ts'
import type { AccountName } from '../organisation.ts'
import { findPhone } from '../phone.ts'
import type { World } from '../world.ts'

export type StatementOptions = {
  /** 174379 unless named. */
  shortcode?: string
  /** From and to which time, both included: a day in Nairobi (`2026-11-20`) or an ISO 8601 time. */
  from?: string
  to?: string
  /** The account that customers pay into, unless named. */
  account?: string
}

/** A movement of an organisation's account, as a statement knows it. Amounts are shillings. */
export type StatementLine = {
  receipt: string
  at: Date
  details: string
  paidIn: number | null
  withdrawn: number | null
  balance: number
  reason: string
  otherParty: string
  linked: string
  account: string
}

/** What the M-PESA portal knows of an account of an organisation, newest first, before it is a file. */
export type Statement = {
  holder: string
  shortcode: string
  account: string
  from: Date
  to: Date
  reported: Date
  opening: number
  closing: number
  paidIn: number
  withdrawn: number
  lines: StatementLine[]
}

/** An organisation's account statement. Throws a sentence about what it cannot read. */
export function readStatement(
  world: World,
  { shortcode = '174379', from, to, account }: StatementOptions = {},
): Statement {
  const organisation = findOrganisation(world, shortcode)
  if (organisation === undefined)
    throw new Error(`There is no organisation ${shortcode}. A short code has 5 to 7 digits.`)
  const receiving: AccountName = organisation.type === 'till' ? 'Merchant Account' : 'Utility Account'
  const name = account ?? receiving
  const now = world.clock.now()
  const moves = ledgerEntries(world)
    .flatMap((entry) => entry.moves.map((move) => ({ entry, move, at: new Date(entry.at) })))
    .filter(({ move }) => move.shortcode === shortcode && move.account === name)
  const start = from === undefined ? dayBegin(moves[0]?.at ?? now) : readTime(from, '00:00:00.000')
  const end = to === undefined ? now : readTime(to, '23:59:59.999')
  const shown = moves.filter(({ at }) => at >= start && at <= end)
  const held = organisation.accounts[name as AccountName] ?? 0
  const first = shown[0]?.move ?? moves.find(({ at }) => at > end)?.move
  const opening = first === undefined ? held : first.balance - first.change
  const sum = (sign: 1 | -1) => shown.reduce((total, { move: { change } }) => total + Math.max(0, sign * change), 0)
  return {
    holder: organisation.name,
    shortcode,
    account: name,
    from: start,
    to: end,
    reported: now,
    opening,
    closing: shown.at(-1)?.move.balance ?? opening,
    paidIn: sum(1),
    withdrawn: sum(-1),
    lines: shown.toReversed().map(({ entry, move }) => lineOf(world, entry, move)),
  }
}

function lineOf(world: World, entry: LedgerEntry, { shortcode, change, balance, reason }: Move): StatementLine {
  const other = otherParty(world, entry, shortcode)
  const told = { ...entry, reason: reason ?? entry.reason }
  return {
    receipt: entry.receipt,
    at: new Date(entry.at),
    details: details(told, other, change),
    paidIn: change > 0 ? change : null,
    withdrawn: change < 0 ? change : null,
    balance,
    reason: told.reason,
    otherParty: other,
    linked: entry.reverses ?? '',
    account: entry.reference ?? '',
  }
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

function readTime(text: string, timeOfDay: string): Date {
  const at = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T${timeOfDay}+03:00` : text)
  if (Number.isNaN(at.getTime()))
    throw new Error(`${text} is no time. Write a day like 2026-11-20, or an ISO 8601 time.`)
  return at
}

/** When the day of a moment begins in Nairobi. */
function dayBegin(at: Date): Date {
  const zoneMs = 3 * 3_600_000
  const dayMs = 24 * 3_600_000
  return new Date(Math.floor((at.getTime() + zoneMs) / dayMs) * dayMs - zoneMs)
}

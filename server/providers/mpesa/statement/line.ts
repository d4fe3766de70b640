import { normalReceipt } from '../../../receipt.ts'
import type { ProviderRecord } from '../../record.ts'
import { isNothing, textOf } from './cell.ts'
import type { Column, Header } from './columns.ts'
import { betweenOwnAccounts, readDetails } from './details.ts'
import type { Details } from './details.ts'
import { kindOf, linkedReceipt, moneyOf } from './kind.ts'
import { readMoney } from './money-cell.ts'
import type { MoneyCell } from './money-cell.ts'
import { nobody, readParty } from './party-cell.ts'
import type { Party } from './party-cell.ts'
import { cellLengthMax } from './row.ts'
import type { Row } from './row.ts'
import { dateOrderOf, readMomentOf } from './time-cell.ts'
import type { DateOrder } from './time-cell.ts'

/** What a row below the names of the columns turned out to be. */
export type Line =
  /** Money moved, or may have: an unreadable one says so, with the column and what stands there. */
  | {
      is: 'record'
      record: ProviderRecord
      balance: MoneyCell
      precisionMs: number
      dateOrder?: DateOrder
      /** The short code of ours that the line names: of which till it is, or beside two accounts of the organisation itself. */
      ownParty?: string
    }
  /** M-Pesa says that nothing moved: it failed, was cancelled, or is of no amount. */
  | { is: 'unmoved'; receipt: string | undefined }
  /** No line of the list: a disclaimer, a sum, a page number. */
  | { is: 'note' }

export type LineOptions = {
  /** The short codes and tills of the merchant. */
  own: ReadonlySet<string>
  /** Somebody says that a list without a column of states has only what was completed. */
  isAllCompleted: boolean
}

/** Reads one row of the list. */
export function readLine(row: Row, header: Header, options: LineOptions): Line {
  const at = reader(row, header)
  const status = header.at.status === undefined && options.isAllCompleted ? 'completed' : readStatus(at('status'))
  const moment = readMomentOf(at('day'), at('hour'))
  if (!isOfList(at, { hasTime: Boolean(moment), status })) return { is: 'note' }

  const receipt = normalReceipt(at('receipt'))
  const dateOrder = dateOrderOf(at('hour')) ?? dateOrderOf(at('day'))
  const unreadable = (problem: string): Line => ({
    is: 'record',
    record: unreadableRecord(
      { receipt: receipt ?? null, at: moment?.at ?? null, line: row.number, raw: rawOf(row) },
      problem,
    ),
    balance: 'unreadable',
    precisionMs: 0,
    dateOrder,
  })
  const misplaced = misplacement(row, header, at)
  if (misplaced) return unreadable(misplaced)
  if (status === 'failed') return { is: 'unmoved', receipt }
  const wrong = (column: Column, what: string) =>
    `${header.titles[header.at[column]!]} "${example(at(column))}" is ${what}.`
  if (status !== 'completed')
    return unreadable(wrong('status', 'no state that is known; Completed, Failed and the like are'))
  if (!receipt) return unreadable(wrong('receipt', 'no receipt of M-Pesa'))
  if (!moment)
    return unreadable(
      wrong(header.at.hour === undefined ? 'day' : 'hour', 'no time that can be read, with the day before the month'),
    )
  const store = shortcodeForm.exec(at('store'))?.[0]
  if (store && !options.own.has(store))
    return unreadable(wrong('store', `no short code of this merchant, whose are ${[...options.own].join(', ')}`))
  const money = readAmounts(at, wrong)
  if ('problem' in money) return unreadable(money.problem)
  if (money.cents === 0) return { is: 'unmoved', receipt }
  const record = recordOf({ at, receipt, own: options.own, ...money })
  return {
    is: 'record',
    record: { ...record, at: moment.at, line: row.number, raw: rawOf(row) },
    balance: readMoney(at('balance')),
    precisionMs: moment.spanMs,
    dateOrder,
    ownParty: store ?? ownPartyOf(at, record),
  }
}

type Cells = (column: Column) => string

/** What stands in a row under the names of the columns; each is read once, however often it is asked for. */
function reader({ cells }: Row, { at }: Header): Cells {
  const known: string[] = []
  return (column) => {
    const place = at[column]
    if (place === undefined) return ''
    return (known[place] ??= meant(cells[place]))
  }
}

function meant(cell: string | undefined): string {
  const text = textOf(cell)
  return isNothing(text) ? '' : text
}
type Status = 'completed' | 'failed' | 'absent' | 'unreadable'

const unknown: ProviderRecord = {
  kind: 'unknown',
  money: 'other',
  direction: null,
  receipt: null,
  amount_cents: null,
  phone: null,
  phone_masked: null,
  phone_hash: null,
  shortcode: null,
  payer_name: null,
  reference: null,
  type: null,
  linked_receipt: null,
  at: null,
  at_or: [],
  line: null,
  problem: null,
  raw: '',
}

/** A movement of which what decides is not certain. */
export function unreadableRecord(
  { receipt, at, line, raw }: Pick<ProviderRecord, 'receipt' | 'at' | 'line' | 'raw'>,
  problem: string,
): ProviderRecord {
  return { ...unknown, receipt, at, line, raw, problem: `Line ${line}: ${problem}` }
}

const shortcodeForm = /^\d{5,7}$/
const completed = /^(?:completed?|success(?:ful(?:ly)?)?|successfullycompleted|settled|confirmed|posted|paid)$/
/** The beginnings of what else is said: that it failed, or that it has not come to its end. */
const failed =
  /^(?:fail|declin|cancel|expir|reject|abort|unsuccess|timedout|timeout|error|void|pending|initiated|authori[sz]ed|processing|inprogress|incomplete|notcompleted|queued)/

function readStatus(text: string): Status {
  const word = text.toLowerCase().replace(/[^a-z]/g, '')
  if (text === '') return 'absent'
  return completed.test(word) ? 'completed' : failed.test(word) ? 'failed' : 'unreadable'
}

/** Ten capitals and digits, or small letters: what nothing but a receipt looks like. */
const surelyReceipt = /^(?:[A-Z0-9]{10}|[a-z0-9]{10})$/
/** What is written below a list, beside a date or an amount. */
const surelyNote = /\b(?:totals?|balance|brought|carried|reports?|printed|generated|disclaimer|page|end of)\b/i

/** True for a line of the list, however broken; false for what is written between and below. */
function isOfList(at: Cells, { hasTime, status }: { hasTime: boolean; status: Status }): boolean {
  const receipt = at('receipt').replace(/^['"=]+|['"]+$/g, '')
  if ((status === 'completed' || status === 'failed') && at('status') !== '') return true
  const hasMoney = /\d/.test(at('paidIn')) || /\d/.test(at('withdrawn'))
  if (surelyReceipt.test(receipt)) return hasTime || hasMoney || /\d/.test(receipt) || /\d/.test(at('day') + at('hour'))
  return hasTime && hasMoney && !surelyNote.test(receipt)
}

/** Why the cells of a row are surely not under their columns; undefined where they may be. */
function misplacement({ cells }: Row, { width, named, titles, at: places }: Header, at: Cells): string | undefined {
  const count = cells.length > width ? cells.length : cells.findLastIndex((cell) => cell !== '') + 1
  if (count > named)
    return `it has ${count} cells, and the list has ${named} columns. The usual cause is an amount or a name with a comma in it and no quotes around: export the statement again, or write the amounts without commas.`
  if (cells.some((cell) => cell.length >= cellLengthMax))
    return 'one of its cells has no end. The usual cause is a quote that is not closed.'
  const confirmed = at('confirmed')
  if (!/^(?:true|false|yes|no|y|n|0|1)?$/i.test(confirmed))
    return `${titles[places.confirmed!]} "${example(confirmed)}" is neither true nor false: the cells are not under their columns.`
  const reason = at('reason')
  if (/^(?:true|false)$/i.test(reason))
    return `${titles[places.reason!]} is "${reason}": the cells are not under their columns.`
  if (!/^(?:kes|kshs?|kenyan? shillings?)?\.?$/i.test(at('currency')))
    return `its currency is "${example(at('currency'))}", and the books are in KES.`
  return undefined
}

type Amounts = { direction: 'in' | 'out'; cents: number } | { problem: string }

function readAmounts(at: Cells, wrong: (column: Column, what: string) => string): Amounts {
  const [paidIn, withdrawn] = [readMoney(at('paidIn')), readMoney(at('withdrawn'))]
  if (paidIn === 'unreadable') return { problem: wrong('paidIn', 'no amount') }
  if (withdrawn === 'unreadable') return { problem: wrong('withdrawn', 'no amount') }
  if (paidIn === 'absent' && withdrawn === 'absent') return { problem: 'it was completed, and no amount stands in it.' }
  const [ins, outs] = [paidIn === 'absent' ? 0 : paidIn, withdrawn === 'absent' ? 0 : Math.abs(withdrawn)]
  if (ins < 0) return { problem: wrong('paidIn', 'below 0, which money paid in is not') }
  if (ins > 0 && outs > 0)
    return {
      problem: `it has ${at('paidIn')} paid in and ${at('withdrawn')} withdrawn, and money goes one way. The usual cause is an amount with a comma and no quotes around.`,
    }
  return ins > 0 ? { direction: 'in', cents: ins } : { direction: 'out', cents: outs }
}

type Told = { at: Cells; receipt: string; own: ReadonlySet<string>; direction: 'in' | 'out'; cents: number }

function recordOf({ at, receipt, own, direction, cents }: Told): ProviderRecord {
  const details = readDetails(at('details'))
  const party = partyOf(at, details)
  const reason = at('reason')
  const linked = normalReceipt(at('linked')) ?? null
  const isWithOurselves = party.shortcode !== null && own.has(party.shortcode)
  const kind = kindOf({ direction, reason, details, party, linked, isWithOurselves })
  const { name: payer_name, ...told } = party
  return {
    ...unknown,
    ...told,
    kind,
    money: moneyOf({ reason, details, party }),
    direction,
    receipt,
    amount_cents: cents,
    payer_name,
    reference: at('account') || details.account,
    type: reason || details.told || null,
    linked_receipt: linked ?? (kind === 'reversal' ? linkedReceipt(details, receipt) : null),
  }
}

/** A movement between two accounts of the organisation shows whose statement it is. */
function ownPartyOf(at: Cells, { shortcode, direction }: ProviderRecord): string | undefined {
  if (shortcode === null || direction === null) return undefined
  const words = [at('reason'), readDetails(at('details')).words]
  return words.some((text) => betweenOwnAccounts.test(text)) ? shortcode : undefined
}

/** Who was on the other side: its own columns say it, else *Details*. */
function partyOf(at: Cells, details: Details): Party {
  const shown = readParty(at('party'))
  const own = hasNumber(shown) ? shown : { ...readParty(at('phone')), name: at('name') || null }
  if (hasNumber(own)) return { ...own, name: own.name ?? shown.name }
  const isSame = shown.name === null || shown.name.toLowerCase() === details.party.name?.toLowerCase()
  if (isSame && details.party !== nobody) return details.party
  return { ...shown, name: shown.name ?? own.name }
}

function hasNumber({ phone, phone_masked, phone_hash, shortcode }: Party): boolean {
  return Boolean(phone ?? phone_masked ?? phone_hash ?? shortcode)
}

function example(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function rawOf({ cells }: Row): string {
  return JSON.stringify(cells)
}

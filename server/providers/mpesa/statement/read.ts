import { Problem } from '../../../problem.ts'
import type { ProviderRecord } from '../../record.ts'
import type { Statement, StatementOptions, Window } from '../../statement.ts'
import { check } from './checks.ts'
import { missingColumn, readHeader, titles } from './columns.ts'
import type { Header } from './columns.ts'
import { rowsOf } from './file.ts'
import { readHead } from './head.ts'
import type { Head, Stated } from './head.ts'
import { readLine } from './line.ts'
import type { Line } from './line.ts'
import { doubtDates } from './month-first.ts'
import { markRepeats } from './repeats.ts'
import { readMoney } from './money-cell.ts'
import { textOf } from './cell.ts'
import type { Row } from './row.ts'

/** A statement, and its movements, oldest first. */
export type ReadStatement = { statement: Statement; records: ProviderRecord[] }

const secondMs = 1_000
const linesMax = 300_000
const headRowsMax = 200
/** What is written below a list is looked through for sums, as far as this. */
const notesMax = 1_000

/**
 * Reads a statement of an M-PESA organisation, whatever its file, its layout and the order of its columns. Nothing that may be
 * money is left out: what cannot be read is a record that says so.
 * @throws a Problem when it is no statement, or when a question must be answered first.
 */
export async function readStatement(content: Uint8Array, options: StatementOptions): Promise<ReadStatement> {
  const list = readList(await rowsOf(content), options)
  doubtDates(list.lines)
  const head = readHead(list.head, options.name)
  head.paidIn.push(...list.totals.paidIn)
  head.withdrawn.push(...list.totals.withdrawn)
  const chronological = isNewestFirst(list.lines) ? list.lines.toReversed() : list.lines
  const marked = markRepeats(chronological)
  const found = check(marked, head)
  const records = oldestFirst(marked.map(({ record }) => record))
  const unreadable = marked.filter(({ record }) => record.problem)
  return {
    statement: {
      shortcodes: head.shortcodes,
      own_parties: [...list.ownParties],
      is_of_payments: !head.account || !unpaidAccount.test(head.account),
      period: head.period ?? null,
      moved: windowOf(records),
      paid: windowOf(records.filter(({ kind }) => kind === 'payment')),
      precision_ms: list.precisionMs,
      reported_at: head.reported?.at ?? null,
      records: records.length,
      unreadable: unreadable.length,
      unreadable_because: unreadable[0]?.record.problem ?? null,
      ignored: list.ignored,
      unmoved_receipts: list.unmoved,
      disagreements: found.named,
      disagreements_count: found.count,
      is_whole: Boolean(head.opening && head.closing) && found.count === 0 && unreadable.length === 0,
      notes: list.notes,
    },
    records,
  }
}

/** An account of an organisation into which no customer pays. */
const unpaidAccount = /\b(?:working|mmf|charges?|float|settlement|loan|expenses?|investment|bonus)\b/i

function windowOf(records: ProviderRecord[]): Window | null {
  const times = records.flatMap(({ at, problem }) => (at && !problem ? [at] : []))
  const [from, until] = [times[0], times.at(-1)]
  return from && until ? { from, until } : null
}

type Listed = Pick<Extract<Line, { is: 'record' }>, 'record' | 'balance' | 'dateOrder'>
type List = {
  head: Row[]
  lines: Listed[]
  ignored: number
  unmoved: string[]
  totals: Pick<Head, 'paidIn' | 'withdrawn'>
  notes: string[]
  precisionMs: number
  ownParties: Set<string>
}

function readList(rows: Iterable<Row>, { own, isAllCompleted = false }: StatementOptions): List {
  const list: List = {
    head: [],
    lines: [],
    ignored: 0,
    unmoved: [],
    totals: { paidIn: [], withdrawn: [] },
    notes: [],
    precisionMs: secondMs,
    ownParties: new Set(),
  }
  const options = { own: new Set(own), isAllCompleted }
  const below: Row[] = []
  let header: Header | undefined
  for (const row of rows) {
    // The names of the columns stand again at the top of a page, or of a sheet.
    const names =
      header && !row.cells.some((cell) => /\d/.test(cell))
        ? readHeader(row.cells)
        : header
          ? undefined
          : readHeader(row.cells)
    if (names) header = accepted(names, isAllCompleted, list)
    else if (!header) {
      if (list.head.length < headRowsMax) list.head.push(row)
    } else {
      const line = readLine(row, header, options)
      if (line.is === 'record') {
        list.lines.push(line)
        list.precisionMs = Math.max(list.precisionMs, line.precisionMs)
        if (line.ownParty) list.ownParties.add(line.ownParty)
      } else list.ignored += 1
      if (line.is === 'unmoved' && line.receipt) list.unmoved.push(line.receipt)
      if (line.is === 'note' && below.length < notesMax) {
        below.push(row)
        addTotals(list.totals, row, header)
      }
    }
    if (list.lines.length + list.ignored > linesMax)
      throw new Problem(
        'body_too_large',
        `The statement has more than ${linesMax.toLocaleString('en')} lines. Export a shorter period.`,
        'file',
      )
  }
  if (!header) throw refusal('There is no column "Receipt No." in it, with times and amounts beside it.')
  const { paidIn, withdrawn } = readHead(below)
  list.totals.paidIn.push(...paidIn)
  list.totals.withdrawn.push(...withdrawn)
  return list
}

function accepted(header: Header, isAllCompleted: boolean, list: List): Header {
  const missing = missingColumn(header)
  if (missing)
    throw refusal(
      `Beside "${titles.receipt}" it needs the columns ${titles.time}, ${titles.money}; "${missing}" is missing.`,
    )
  if (header.at.status !== undefined) return header
  if (!isAllCompleted) {
    throw new Problem(
      'invalid_request',
      `The statement has no column "${titles.status}", so it does not say which of its lines failed. If you know that it lists completed movements only, say so and send it again: ?assume_completed=true.`,
      'assume_completed',
    )
  }
  const note = `The statement has no column "${titles.status}": who uploaded it says that all of its lines were completed.`
  if (!list.notes.includes(note)) list.notes.push(note)
  return header
}

function refusal(why: string): Problem {
  return new Problem(
    'invalid_request',
    `This is not a statement that the M-PESA organisation portal exports as CSV or XLSX. ${why}`,
    'file',
  )
}

/** A sum under the columns: `Total,,,,,"1,500.00",-20.00`. */
function addTotals(totals: List['totals'], { number, cells }: Row, { at }: Header): void {
  if (!cells.some((cell) => /^(?:grand )?totals?:?$/i.test(textOf(cell)))) return
  const stated = (place: number | undefined): Stated[] => {
    const cents = place === undefined ? 'absent' : readMoney(cells[place])
    return typeof cents === 'number' ? [{ cents, line: number }] : []
  }
  totals.paidIn.push(...stated(at.paidIn))
  totals.withdrawn.push(...stated(at.withdrawn))
}

/** The portal lists the newest first. Where all is of one second the balances tell, and else the portal's way is taken. */
function isNewestFirst(lines: Listed[]): boolean {
  const times = lines.flatMap(({ record: { at, problem } }) => (at && !problem ? [at.getTime()] : []))
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0]
  if (first !== last) return first > last
  const [one, two] = lines
  if (!one || !two || typeof one.balance !== 'number' || typeof two.balance !== 'number') return true
  const change = (two.record.direction === 'out' ? -1 : 1) * (two.record.amount_cents ?? 0)
  return one.balance + change !== two.balance
}

/** What takes money back comes after the money, also within one second. What has no time comes last. */
function oldestFirst(records: ProviderRecord[]): ProviderRecord[] {
  const rank = ({ kind }: ProviderRecord) => (kind === 'payment' ? 0 : 1)
  const time = ({ at }: ProviderRecord) => at?.getTime() ?? Infinity
  return records.toSorted((left, right) => {
    const [before, after] = [time(left), time(right)]
    return before === after ? rank(left) - rank(right) : before - after
  })
}

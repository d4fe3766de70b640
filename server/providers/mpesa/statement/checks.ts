import { formatKes } from '../../../money.ts'
import type { ProviderRecord } from '../../record.ts'
import type { Disagreement } from '../../statement.ts'
import type { Head, Stated } from './head.ts'
import type { MoneyCell } from './money-cell.ts'

/** A movement as the checks see it, oldest first. */
export type Checked = { record: ProviderRecord; balance: MoneyCell; isRepeated: boolean }

/** As many are named; of the others only how many there are. */
const namedMax = 20

type Found = { named: Disagreement[]; count: number }
type Add = (line: number | null, message: () => string) => void

/**
 * Checks a statement against itself: the balance from line to line, the opening and the closing balance, the totals, and its
 * period. Each disagreement is named with its line. What cannot be read breaks the chain, and is no disagreement of its own.
 */
export function check(lines: Checked[], head: Head): Found {
  const found: Found = { named: [], count: 0 }
  const add: Add = (line, message) => {
    found.count += 1
    if (found.named.length < namedMax) found.named.push({ line, message: message() })
  }
  const moved = lines.filter(({ isRepeated }) => !isRepeated)
  checkEnds(moved, head, add)
  checkTotals(moved, head, add)
  checkBalances(moved, add)
  checkPeriod(moved, head, add)
  return found
}

function checkBalances(lines: Checked[], add: Add): void {
  let before: { cents: number; line: number } | undefined
  for (const { record, balance } of lines) {
    const change = changeOf(record)
    const next =
      change === undefined || typeof balance !== 'number' ? undefined : { cents: balance, line: record.line! }
    const last = before
    if (last && next && last.cents + change! !== next.cents) {
      add(
        next.line,
        () =>
          `The balance ${formatKes(next.cents)} does not follow from line ${last.line}: ${formatKes(last.cents)} ${signed(change!)} make ${formatKes(last.cents + change!)}.`,
      )
    }
    before = next
  }
}

function checkEnds(lines: Checked[], { opening, closing }: Head, add: Add): void {
  const [first, last] = [lines[0], lines.at(-1)]
  const change = first && changeOf(first.record)
  const [leads, leaves] = [first?.balance, last?.balance]
  if (opening && change !== undefined && typeof leads === 'number' && opening.cents + change !== leads) {
    add(
      opening.line,
      () =>
        `The opening balance ${formatKes(opening.cents)} does not lead to the balance ${formatKes(leads)} of the first movement, in line ${first!.record.line}.`,
    )
  }
  if (closing && typeof leaves === 'number' && closing.cents !== leaves) {
    add(
      closing.line,
      () =>
        `The closing balance ${formatKes(closing.cents)} is not the balance ${formatKes(leaves)} of the last movement, in line ${last!.record.line}.`,
    )
  }
  const sum = sumOf(lines, 'in') - sumOf(lines, 'out')
  if (opening && closing && opening.cents + sum !== closing.cents) {
    add(
      closing.line,
      () =>
        `The opening balance ${formatKes(opening.cents)} and the movements ${signed(sum)} make ${formatKes(opening.cents + sum)}, not the closing balance ${formatKes(closing.cents)}.${caveat(lines)}`,
    )
  }
}

function checkTotals(lines: Checked[], { paidIn, withdrawn }: Head, add: Add): void {
  const compare = (stated: Stated[], direction: 'in' | 'out', name: string) => {
    const sum = sumOf(lines, direction)
    for (const { cents, line } of stated)
      if (Math.abs(cents) !== sum)
        add(
          line,
          () => `The total ${name} is ${formatKes(cents)}, and the lines make ${formatKes(sum)}.${caveat(lines)}`,
        )
  }
  compare(paidIn, 'in', 'paid in')
  compare(withdrawn, 'out', 'withdrawn')
}

function checkPeriod(lines: Checked[], { period }: Head, add: Add): void {
  for (const { record } of lines) {
    const { at, line } = record
    if (period && at && (at < period.from || at > period.until))
      add(line, () => 'Its time lies outside the period that the statement names.')
  }
}

function caveat(lines: Checked[]): string {
  const count = lines.filter(({ record }) => record.problem).length
  return count === 0 ? '' : ` ${count} ${count === 1 ? 'line' : 'lines'} could not be read.`
}

function changeOf({ direction, amount_cents }: ProviderRecord): number | undefined {
  if (amount_cents === null || direction === null) return undefined
  return direction === 'in' ? amount_cents : -amount_cents
}

function sumOf(lines: Checked[], direction: 'in' | 'out'): number {
  return lines.reduce((sum, { record }) => sum + (record.direction === direction ? (record.amount_cents ?? 0) : 0), 0)
}

function signed(cents: number): string {
  return `${cents < 0 ? '-' : '+'} ${formatKes(Math.abs(cents))}`
}

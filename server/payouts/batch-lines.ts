import { problemOf } from '../api/failure.ts'
import { Problem } from '../problem.ts'
import { csvRows } from '../providers/mpesa/statement/csv.ts'
import { payoutRequest } from './asked.ts'
import type { PayoutInput } from './intent.ts'

/** One line of a batch: where it stands in what was sent, and what it asks for. */
export type BatchLine = { line: number; input: Omit<PayoutInput, 'merchant_id' | 'mode' | 'idempotency'> }

/** What is wrong with a line. */
export type LineFault = { line: number; param: string | null; message: string }

export const linesMax = 1_000
const faultsShown = 100

/**
 * Reads the lines of a batch, each as a payout by itself is read.
 * @throws a Problem that tells what is wrong with each line that cannot be read.
 */
export function readLines(written: { line: number; value: unknown }[]): BatchLine[] {
  const faults: LineFault[] = []
  const lines = written.flatMap(({ line, value }): BatchLine[] => {
    const read = payoutRequest.safeParse(value)
    if (!read.success) {
      faults.push(faultOf(line, problemOf(read.error)))
      return []
    }
    const { amount: amount_cents, currency: _, ...input } = read.data
    return [{ line, input: { ...input, amount_cents } }]
  })
  if (faults.length > 0) throw refusal(faults, written.length)
  return lines
}

/** A Problem of one payout, as what is wrong with a line. */
export function faultOf(line: number, { param, message }: Problem): LineFault {
  return { line, param: param ?? null, message }
}

/** Why a batch is not taken: the first faults in a sentence, and all of them for a program. */
export function refusal(faults: LineFault[], count: number): Problem {
  const [first] = faults
  const rest = faults.length === 1 ? '' : ` So it is with ${faults.length - 1} more, each with its own reason in lines.`
  const message = `Nothing was taken, for ${faults.length} of ${count} lines cannot be sent. Line ${first!.line}: ${first!.message}${rest}`
  return new Problem('invalid_batch', message, first!.param ?? undefined, { lines: faults.slice(0, faultsShown) })
}

const columns = new Set([
  'kind',
  'phone',
  'shortcode',
  'shortcode_type',
  'account_reference',
  'amount',
  'reason',
  'remarks',
  'external_reference',
  'account',
])

/**
 * Reads a CSV whose first line names the columns as JSON does; without a `kind` a line pays a person. Commas, semicolons and tabs
 * separate. A blank cell is one that was left out.
 * @throws a Problem for a file without lines, with too many, or with a column that nobody knows.
 */
export function readCsv(text: string): { line: number; value: unknown }[] {
  const clean = text.replace(/^\uFEFF/, '')
  const head = clean.slice(0, Math.max(0, clean.search(/[\r\n]|$/)))
  const separator = [',', ';', '\t'].toSorted((left, right) => count(head, right) - count(head, left))[0]!
  const [first, ...rows] = csvRows(clean, separator)
  const names = (first?.cells ?? []).map((name) => name.toLowerCase())
  const unknown = names.find((name) => !columns.has(name))
  if (!first || unknown !== undefined || !names.includes('amount')) {
    const what = unknown === undefined ? 'There is no column "amount"' : `There is no column "${unknown.slice(0, 60)}"`
    const message = `${what} here. The first line names the columns: ${[...columns].join(', ')}.`
    throw new Problem('invalid_request', message, 'columns')
  }
  return rows.map(({ number, cells }) => {
    const given = names.flatMap((name, index) => (cells[index] ? [[name, cells[index]]] : []))
    return { line: number, value: { kind: 'b2c', ...Object.fromEntries(given) } }
  })
}

function count(text: string, sign: string): number {
  return text.split(sign).length
}

/** @throws a Problem for a batch without a line, or with too many. */
export function refuseSize(count: number): void {
  if (count > 0 && count <= linesMax) return
  const message =
    count === 0 ? 'The batch has no line.' : `A batch has at most ${linesMax} lines, and this one ${count}.`
  throw new Problem('invalid_request', message, 'payouts')
}

import type { Context } from '../context.ts'
import type { ProviderRecord } from '../providers/record.ts'
import { comparePayments } from './compare-payments.ts'
import { comparePayouts } from './compare-payouts.ts'
import { compareReversals } from './compare-reversals.ts'
import type { Comparison, Readable } from './comparison.ts'
import type { Run } from './run.ts'

/**
 * Compares records with the books, and settles what they tell that was not known. Safe to repeat: money counts by its receipt.
 * Reversals come after payments, so that what they take back is in the books. Answers what became of each, in order.
 */
export async function compare(context: Context, run: Run, records: ProviderRecord[]): Promise<Comparison[]> {
  const comparisons = new Map<ProviderRecord, Comparison>()
  const isReadable = (record: ProviderRecord): record is Readable =>
    record.amount_cents !== null && record.amount_cents > 0 && record.at !== null && receipt.test(record.receipt)
  const readable = records.filter(isReadable)
  for (const record of records)
    if (!isReadable(record)) comparisons.set(record, { outcome: 'mismatched', reason: 'unreadable' })
  for (const [kind, work] of steps) {
    const own = readable.filter((record) => record.kind === kind)
    if (own.length === 0) continue
    const found = await work(context, run, own)
    own.forEach((record, index) => comparisons.set(record, found[index]!))
  }
  return records.map((record) => comparisons.get(record)!)
}

const receipt = /^[A-Za-z0-9-]{4,40}$/

type Step = (context: Context, run: Run, records: Readable[]) => Promise<Comparison[]>

/** What the provider alone decides needs no other side. */
const asTold =
  (reason: 'charge' | 'transfer'): Step =>
  async (_context, _run, records) =>
    records.map(() => ({ outcome: 'matched', reason }))

const steps: [kind: ProviderRecord['kind'], work: Step][] = [
  ['payment', comparePayments],
  ['payout', comparePayouts],
  ['reversal', compareReversals],
  ['charge', asTold('charge')],
  ['transfer', asTold('transfer')],
]

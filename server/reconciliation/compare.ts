import type { Context } from '../context.ts'
import type { ProviderRecord } from '../providers/record.ts'
import { normalReceipt } from '../receipt.ts'
import { comparePayments } from './compare-payments.ts'
import { comparePayouts } from './compare-payouts.ts'
import { compareReversals } from './compare-reversals.ts'
import type { Comparing, Comparison, Readable } from './comparison.ts'

/**
 * Compares records with the books, and settles what they tell that was not known. Safe to repeat: money counts by its receipt.
 * Reversals come after payments, so that what they take back is in the books. Answers what became of each, in order.
 */
export async function compare(
  context: Context,
  comparing: Comparing,
  records: ProviderRecord[],
): Promise<Comparison[]> {
  const comparisons = new Map<ProviderRecord, Comparison>()
  const readable = records.filter((record): record is Readable => {
    const comparison = ofItself(record)
    if (comparison) comparisons.set(record, comparison)
    return !comparison
  })
  for (const [kind, work] of steps) {
    const own = readable.filter((record) => record.kind === kind)
    if (own.length === 0) continue
    const found = await work(context, comparing, own)
    own.forEach((record, index) => comparisons.set(record, found[index]!))
  }
  return records.map((record) => comparisons.get(record)!)
}

/** What a record says without the books; undefined where it is to be compared with them. */
function ofItself(record: ProviderRecord): Comparison | undefined {
  const { receipt, direction, amount_cents, at, problem } = record
  const isReadable =
    receipt !== null && normalReceipt(receipt) === receipt && direction && amount_cents && amount_cents > 0 && at
  if (problem || !isReadable) return { outcome: 'mismatched', reason: 'unreadable' }
  if (record.repeats === 'line') return { outcome: 'matched', reason: 'repeated' }
  return undefined
}

type Step = (context: Context, comparing: Comparing, records: Readable[]) => Promise<Comparison[]>

/** What the provider alone decides needs no other side. */
const asTold =
  (reason: 'charge' | 'transfer'): Step =>
  async (_context, _comparing, records) =>
    records.map(() => ({ outcome: 'matched', reason }))

const steps: [kind: ProviderRecord['kind'], work: Step][] = [
  ['payment', comparePayments],
  ['payout', comparePayouts],
  ['reversal', compareReversals],
  ['charge', asTold('charge')],
  ['transfer', asTold('transfer')],
]

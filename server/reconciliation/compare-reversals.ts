import type { Context } from '../context.ts'
import { findReceived } from '../money-in/find.ts'
import type { Returned } from '../payouts/returns.ts'
import type { ReversalEffect } from '../refunds/reversals.ts'
import type { Comparing, Comparison, Readable } from './comparison.ts'

/**
 * Compares what went back with the refunds, and what came back with the payouts. A refund that nobody here asked for was made at the
 * provider's portal, and is one from now on.
 */
export async function compareReversals(
  context: Context,
  comparing: Comparing,
  records: Readable[],
): Promise<Comparison[]> {
  const comparisons = new Map<Readable, Comparison>()
  // Of two amounts for one receipt nobody knows which is right.
  for (const record of records)
    if (record.repeats) comparisons.set(record, { outcome: 'mismatched', reason: 'two_amounts' })
  const gone = records.filter(({ direction, repeats }) => direction === 'out' && !repeats)
  const back = records.filter(({ direction, repeats }) => direction === 'in' && !repeats)
  for (const [record, comparison] of await compareGone(context, comparing, gone)) comparisons.set(record, comparison)
  for (const [record, comparison] of await compareBack(context, comparing, back)) comparisons.set(record, comparison)
  return records.map((record) => comparisons.get(record)!)
}

type Found = [Readable, Comparison][]

async function compareGone(context: Context, { run, deeds }: Comparing, records: Readable[]): Promise<Found> {
  const { merchant_id, provider, environment, source } = run
  const names = records.map((record) => ({ merchant_id, provider, environment, receipt: record.linked_receipt ?? '' }))
  const effects = await deeds.settleReversals(
    context,
    records.map((record, index) => ({
      ...names[index]!,
      reversal_receipt: record.receipt,
      amount_cents: record.amount_cents,
      at: record.at,
      source,
      raw: Buffer.from(record.raw),
    })),
  )
  const money = await findReceived(context, names)
  return records.map((record, index) => [
    record,
    { ...outcomes[effects[index]!], payment_id: money[index]?.payment_id ?? null },
  ])
}

const outcomes: Record<ReversalEffect, Comparison> = {
  known: { outcome: 'matched', reason: 'known' },
  refund: { outcome: 'recovered', reason: 'refund' },
  recorded: { outcome: 'recovered', reason: 'recorded' },
  unknown_receipt: { outcome: 'not_found', reason: 'unknown_receipt' },
}

/** Money that came back was a payout once. */
async function compareBack(context: Context, { run, deeds }: Comparing, records: Readable[]): Promise<Found> {
  const { merchant_id, provider, environment, source } = run
  const returned = await deeds.settleReturns(
    context,
    records.map((record) => ({
      merchant_id,
      provider,
      environment,
      receipt: record.linked_receipt ?? '',
      return_receipt: record.receipt,
      amount_cents: record.amount_cents,
      at: record.at,
      source,
      raw: Buffer.from(record.raw),
    })),
  )
  return records.map((record, index) => [record, comparisonOf(returned[index]!)])
}

function comparisonOf({ effect, payout }: Returned): Comparison {
  if (!payout) return { outcome: 'not_found', reason: 'unknown_receipt' }
  const { id: payout_id, amount_cents: expected_cents } = payout
  if (effect === 'returned') return { outcome: 'recovered', reason: 'payout_reversed', payout_id }
  if (effect === 'informed') return { outcome: 'matched', reason: 'known', payout_id }
  return { outcome: 'mismatched', reason: effect, payout_id, expected_cents }
}

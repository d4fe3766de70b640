import type { Context } from '../context.ts'
import { findReceived } from '../money-in/find.ts'
import { findPayoutsByReceipt } from '../payouts/candidates.ts'
import { settleReversals } from '../refunds/reversals.ts'
import type { ReversalEffect } from '../refunds/reversals.ts'
import type { Comparison, Readable } from './comparison.ts'
import type { Run } from './run.ts'

/** Compares what went back with the refunds. One that nobody here asked for was made at the provider's portal, and is one from now on. */
export async function compareReversals(context: Context, run: Run, records: Readable[]): Promise<Comparison[]> {
  const gone = records.filter(({ direction }) => direction === 'out')
  const back = records.filter(({ direction }) => direction === 'in')
  const comparisons = new Map<Readable, Comparison>()
  for (const [record, comparison] of await compareGone(context, run, gone)) comparisons.set(record, comparison)
  for (const [record, comparison] of await compareBack(context, run, back)) comparisons.set(record, comparison)
  return records.map((record) => comparisons.get(record)!)
}

type Found = [Readable, Comparison][]

async function compareGone(context: Context, run: Run, records: Readable[]): Promise<Found> {
  const { merchant_id, provider, environment, source } = run
  const names = records.map((record) => ({ merchant_id, provider, environment, receipt: record.linked_receipt ?? '' }))
  const effects = await settleReversals(
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
async function compareBack(context: Context, run: Run, records: Readable[]): Promise<Found> {
  const { merchant_id, provider, environment } = run
  const payouts = await findPayoutsByReceipt(
    context,
    records.map((record) => ({ merchant_id, provider, environment, receipt: record.linked_receipt ?? '' })),
  )
  return records.map((record, index) => {
    const payout = payouts[index]
    return [
      record,
      payout
        ? { outcome: 'mismatched', reason: 'payout_reversed', payout_id: payout.id }
        : { outcome: 'not_found', reason: 'unknown_receipt' },
    ]
  })
}

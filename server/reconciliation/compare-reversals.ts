import type { Context } from '../context.ts'
import { findReceived } from '../money-in/find.ts'
import { findPayoutsByReceipt } from '../payouts/match.ts'
import { settleReversals } from '../refunds/reversals.ts'
import type { ReversalEffect } from '../refunds/reversals.ts'
import type { Finding, Readable } from './compare.ts'
import type { Run } from './run.ts'

/** Compares what went back with the refunds. One that nobody here asked for was made at the provider's portal, and is one from now on. */
export async function compareReversals(context: Context, run: Run, records: Readable[]): Promise<Finding[]> {
  const gone = records.filter(({ direction }) => direction === 'out')
  const back = records.filter(({ direction }) => direction === 'in')
  const findings = new Map<Readable, Finding>()
  for (const [record, finding] of await compareGone(context, run, gone)) findings.set(record, finding)
  for (const [record, finding] of await compareBack(context, run, back)) findings.set(record, finding)
  return records.map((record) => findings.get(record)!)
}

type Found = [Readable, Finding][]

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

const outcomes: Record<ReversalEffect, Finding> = {
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

import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import { findPayoutCandidates, findPayoutsByReceipt } from '../payouts/candidates.ts'
import type { Payout } from '../payouts/payout.ts'
import type { PayoutEffect } from '../payouts/effect.ts'
import type { Comparing, Comparison, Readable } from './comparison.ts'

/** Compares what was sent with the payouts. A record that no payout has completes the one that it can be alone. */
export async function comparePayouts(
  context: Context,
  comparing: Comparing,
  records: Readable[],
): Promise<Comparison[]> {
  const { merchant_id, provider, environment, provider_account_id } = comparing.run
  const known = await findPayoutsByReceipt(
    context,
    records.map(({ receipt }) => ({ merchant_id, provider, environment, receipt })),
  )
  const candidates = await findPayoutCandidates(
    context,
    records.map((record) => ({
      merchant_id,
      provider_account_id,
      amount_cents: record.amount_cents,
      phone: record.phone ?? undefined,
      phone_masked: record.phone_masked ?? undefined,
      shortcode: record.shortcode ?? undefined,
      paid_at: [record.at, ...record.at_or],
    })),
  )
  const cases = records.map((record, index) => ({ record, ...judge(record, known[index], candidates[index]!) }))
  const meant = cases.flatMap(({ record, payout }) => (payout ? [{ record, payout }] : []))
  const effects = await settle(context, comparing, meant)
  const effectOf = new Map(meant.map(({ record }, index) => [record, effects[index]!]))
  return cases.map(({ record, payout, comparison }) => comparison ?? comparisonOf(effectOf.get(record)!, payout!))
}

type Judgement = { comparison: Comparison; payout?: undefined } | { comparison?: undefined; payout: Payout }

function judge(record: Readable, known: Payout | undefined, [payout, ...more]: Payout[]): Judgement {
  if (known) {
    const { id: payout_id, amount_cents } = known
    return amount_cents === record.amount_cents
      ? { comparison: { outcome: 'matched', reason: 'known', payout_id } }
      : { comparison: { outcome: 'mismatched', reason: 'wrong_amount', payout_id, expected_cents: amount_cents } }
  }
  if (record.repeats) return { comparison: { outcome: 'mismatched', reason: 'two_amounts' } }
  if (payout && more.length === 0) return { payout }
  return { comparison: { outcome: 'not_found', reason: payout ? 'several_payouts' : 'no_payout' } }
}

function settle(
  context: Context,
  { run: { source }, deeds }: Comparing,
  meant: { record: Readable; payout: Payout }[],
): Promise<PayoutEffect[]> {
  const at = context.clock.now()
  return deeds.settlePayouts(
    context,
    meant.map(({ record, payout }) => ({
      payout,
      evidence: {
        id: newId(at),
        merchant_id: payout.merchant_id,
        payout_id: payout.id,
        source,
        at,
        verdict: 'success',
        receipt: record.receipt,
        amount_cents: record.amount_cents,
        paid_at: record.at,
        receiver_name: record.payer_name ?? undefined,
        raw: Buffer.from(record.raw),
      },
    })),
  )
}

function comparisonOf(effect: PayoutEffect, { id: payout_id }: Payout): Comparison {
  if (effect === 'completed' || effect === 'receipt') return { outcome: 'recovered', reason: effect, payout_id }
  if (effect === 'informed') return { outcome: 'matched', reason: 'known', payout_id }
  return { outcome: 'not_found', reason: effect }
}

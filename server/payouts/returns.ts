import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { EvidenceSource } from '../evidence/evidence.ts'
import { newId } from '../id.ts'
import { findPayoutsByReceipt } from './candidates.ts'
import type { ReceiptName } from './candidates.ts'
import type { PayoutEffect } from './effect.ts'
import type { PayoutEvidence } from './evidence.ts'
import type { Payout } from './payout.ts'
import { settlePayouts } from './settle.ts'

/** Money that was sent and came back, as the provider's records show it; `receipt` is that of its being sent. */
export type Return = ReceiptName & {
  /** The receipt of its coming back. */
  return_receipt: string
  amount_cents: number
  /** When it came back, by the provider's clock. */
  at: Date
  source: EvidenceSource
  /** The record, exactly as it came. */
  raw: Buffer
}

/** What a return did, as evidence about its payout; `no_payout` where none is known by that receipt: complete it first. */
export type Returned = { effect: PayoutEffect; payout?: Payout | undefined }

/**
 * Takes note of payouts that came back. One that came back whole is `returned`, with one event; one of which another amount came
 * back stays completed. Both are shown to a person, once however often it is told. Answers what each did, in order.
 */
export async function settleReturns(context: Context, returns: Return[]): Promise<Returned[]> {
  const payouts = await findPayoutsByReceipt(context, returns)
  const told = await findTold(context, payouts)
  const at = context.clock.now()
  const news = returns.flatMap((one, index) => {
    const payout = payouts[index]
    if (!payout) return []
    const effect = judgeReturn(payout, one)
    const isKnown =
      effect === 'informed' || (effect === 'part_returned' && told.has(nameOf(payout.id, one.return_receipt)))
    return isKnown ? [] : [{ index, evidence: evidenceOf(one, { payout, at }) }]
  })
  const effects = await settlePayouts(
    context,
    news.map(({ evidence }) => evidence),
  )
  const did = new Map(news.map(({ index }, place) => [index, effects[place]!]))
  return returns.map((one, index) => ({
    effect: did.get(index) ?? judgeReturn(payouts[index], one),
    payout: payouts[index],
  }))
}

/** What a return would do to this payout, if note were taken of it now. */
export function judgeReturn(payout: Payout | undefined, { amount_cents }: Pick<Return, 'amount_cents'>): PayoutEffect {
  if (!payout) return 'no_payout'
  if (payout.amount_cents !== amount_cents) return 'part_returned'
  return payout.status === 'completed' ? 'returned' : 'informed'
}

/** The returns of another amount that these payouts are known to have had. */
async function findTold({ database }: Context, payouts: (Payout | undefined)[]): Promise<Set<string>> {
  const known = payouts.filter((payout) => payout !== undefined)
  if (known.length === 0) return new Set()
  const rows = await database.query<{ subject_id: string; receipt: string }>(sql`
    select subject_id, receipt from evidence
    where merchant_id = any (${[...new Set(known.map(({ merchant_id }) => merchant_id))]}::uuid[])
      and subject_id = any (${known.map(({ id }) => id)}::uuid[]) and effect = 'part_returned'`)
  return new Set(rows.map(({ subject_id, receipt }) => nameOf(subject_id, receipt)))
}

function nameOf(payout_id: string, return_receipt: string): string {
  return `${payout_id} ${return_receipt}`
}

function evidenceOf(
  { return_receipt: receipt, amount_cents, at: returned_at, source, raw }: Return,
  { payout: { merchant_id, id: payout_id }, at }: { payout: Payout; at: Date },
): PayoutEvidence {
  return { id: newId(at), merchant_id, payout_id, source, at, verdict: null, receipt, amount_cents, returned_at, raw }
}

import type { Context } from '../context.ts'
import { settleEvidence } from '../evidence/settle.ts'
import type { Settling } from '../evidence/settle.ts'
import { takeBack } from '../invoices/take-back.ts'
import type { RefundEffect } from './effect.ts'
import type { RefundEvidence } from './evidence.ts'
import { settlement } from './settlement.ts'

// Nothing is folded: what comes of a refund comes once or twice, and what says the same again only informs.
const settling: Settling<RefundEvidence, { merchant_id: string }> = {
  noun: 'refund',
  subjectOf: ({ refund_id }) => refund_id,
  settlement,
  async withIt(context, transaction, settled) {
    const back = settled.filter(({ effect, payment_id }) => payment_id && ['completed', 'linked'].includes(effect))
    if (back.length === 0) return
    await takeBack(
      context,
      transaction,
      back.map(({ merchant_id, payment_id }) => ({ merchant_id, payment_id: payment_id! })),
    )
  },
}

/**
 * Settles any number of refunds by what was learnt about them. Status, what the payment has reserved and given back, evidence,
 * raw bodies, events and deliveries are one statement. Safe to repeat: what goes back counts by receipt. A payment of which
 * all is back becomes `reversed`, with one event, and its invoices lose what went back, in the same transaction. Answers what each piece did, in order.
 * @throws only when the database cannot be reached; then nothing was stored.
 */
function settleRefunds(context: Context, batch: RefundEvidence[]): Promise<RefundEffect[]> {
  return settleEvidence<RefundEvidence, RefundEffect, { merchant_id: string }>(context, batch, settling)
}

/** Settles one piece of evidence together with whatever else is being settled at this moment. */
export function settleRefund(context: Context, evidence: RefundEvidence): Promise<RefundEffect> {
  return context.gather(settleRefunds, evidence)
}

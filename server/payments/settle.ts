import type { Context } from '../context.ts'
import { settleEvidence } from '../evidence/settle.ts'
import type { Settling } from '../evidence/settle.ts'
import type { PaymentEffect } from './effect.ts'
import { sameness } from './evidence.ts'
import type { PaymentEvidence } from './evidence.ts'
import { foldMade } from './fold.ts'
import { flagPaidTwice } from './order.ts'
import { settlement } from './settlement.ts'

/** What evidence did to a payment; of several attempts, another one may have completed as well. */
type Settled = { id: string; effect: string; subject_id: string; merchant_id: string; is_again: boolean }

const settling: Settling<PaymentEvidence, Settled> = {
  noun: 'payment',
  subjectOf: ({ payment_id }) => payment_id,
  sameness,
  settlement,
  async after(context, settled) {
    const used = settled.filter(({ effect }) => effect === 'receipt_used')
    if (used.length > 0)
      await foldMade(
        context,
        used.map(({ id: evidence_id, merchant_id, subject_id: payment_id }) => ({
          evidence_id,
          merchant_id,
          payment_id,
        })),
      )
    const again = settled.filter(({ is_again }) => is_again)
    if (again.length === 0) return
    await flagPaidTwice(
      context,
      again.map(({ merchant_id, subject_id: payment_id }) => ({ merchant_id, payment_id })),
    )
  },
}

/**
 * Settles any number of payments by what was learnt about them; one payment is a batch of one.
 * Status, money in, evidence, raw bodies, events and deliveries of each are one statement, so one transaction. Safe to repeat:
 * money counts by receipt, and each status that a payment enters has one event. No bad row can fail the others.
 * Answers what each piece did, in order. Nothing else in Lango marks a payment paid.
 * @throws only when the database cannot be reached; then nothing was stored.
 */
export function settlePayments(context: Context, batch: PaymentEvidence[]): Promise<PaymentEffect[]> {
  return settleEvidence<PaymentEvidence, PaymentEffect>(context, batch, settling)
}

/** Settles one piece of evidence together with whatever else is being settled at this moment. */
export function settlePayment(context: Context, evidence: PaymentEvidence): Promise<PaymentEffect> {
  return context.gather(settlePayments, evidence)
}

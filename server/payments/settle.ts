import type { Context } from '../context.ts'
import { settleEvidence } from '../evidence/settle.ts'
import type { Settling } from '../evidence/settle.ts'
import type { PaymentEffect } from './effect.ts'
import { sameness } from './evidence.ts'
import type { PaymentEvidence } from './evidence.ts'
import { settlement } from './settlement.ts'

const settling: Settling<PaymentEvidence> = {
  noun: 'payment',
  subjectOf: ({ payment_id }) => payment_id,
  sameness,
  settlement,
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

import type { Context } from '../context.ts'
import { settleEvidence } from '../evidence/settle.ts'
import type { Settling } from '../evidence/settle.ts'
import type { PayoutEffect } from './effect.ts'
import type { PayoutEvidence } from './evidence.ts'
import { settlement } from './settlement.ts'

// Nothing is folded: what comes of a payout comes once or twice, and what says the same again only informs.
const settling: Settling<PayoutEvidence> = { noun: 'payout', subjectOf: ({ payout_id }) => payout_id, settlement }

/**
 * Settles any number of payouts by what was learnt about them: by callback, by asking, or by the provider's statement. Status,
 * the limit of the day, evidence, raw bodies, events and deliveries are one statement. Safe to repeat: what was sent counts by
 * receipt, and each status has one event. A failure gives its amount back to the limit of its day; a later success takes it
 * again. Answers what each piece did, in order.
 * @throws only when the database cannot be reached; then nothing was stored.
 */
export function settlePayouts(context: Context, batch: PayoutEvidence[]): Promise<PayoutEffect[]> {
  return settleEvidence<PayoutEvidence, PayoutEffect>(context, batch, settling)
}

/** Settles one piece of evidence together with whatever else is being settled at this moment. */
export function settlePayout(context: Context, evidence: PayoutEvidence): Promise<PayoutEffect> {
  return context.gather(settlePayouts, evidence)
}

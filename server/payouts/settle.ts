import type { Context } from '../context.ts'
import type { Doubt } from '../callbacks/arrival.ts'
import type { Callback } from '../callbacks/callback.ts'
import type { EvidenceSource } from '../payments/evidence.ts'
import type { PayoutFinding } from '../providers/finding.ts'
import { settleInRounds } from '../evidence/settle-rounds.ts'
import { settlement } from './settlement.ts'

/** One fact learnt about a payout. Only what `verdict` says can change its status; the rest informs. */
export type PayoutEvidence = PayoutFinding & {
  id: string
  merchant_id: string
  payout_id: string
  source: EvidenceSource
  at: Date
  provider_outcome?: 'accepted' | 'refused' | 'unknown'
  /** Why it is worth a check and no more, in spite of its token. */
  doubt?: Doubt
  /** When to ask the provider next, should this evidence leave the payout open. */
  check_at?: Date
  /** Why a person should look at it. */
  needs_attention?: string
  callback?: Callback
  /** Where the provider's body is stored already. */
  callback_id?: string
  raw?: Buffer
}

/** What one piece of evidence did to its payout. */
export type PayoutEffect =
  | 'completed'
  | 'failed'
  /** It named the receipt of a payout that was completed without one. */
  | 'receipt'
  /** It changed nothing, or said what was known. */
  | 'informed'
  /** It says failure where money has moved: kept, and shown to a person. */
  | 'contradicts'
  /** It names another request than this payout's: it settles nothing, and a check is due. */
  | 'mismatch'
  /** It came from an address that is not the provider's, for live money: it settles nothing until a check confirms it. */
  | 'doubted'
  /** Its amount, or its receipt, is not one that this payout can be completed with. */
  | 'wrong_amount'
  | 'receipt_used'
  | 'second_receipt'
  /** There is no such payout. */
  | 'no_payout'
  /** It could not be stored with the rest; its raw body was, alone. */
  | 'set_aside'

type Row = { id: string; effect: Exclude<PayoutEffect, 'set_aside'>; payout_id: string }

/**
 * Settles any number of payouts by what was learnt about them: by callback, by asking, or by the provider's statement. Status,
 * the limit of the day, evidence, raw bodies, events and deliveries are one statement. Safe to repeat: what was sent counts by
 * receipt, and each status has one event. A failure gives its amount back to the limit of its day; a later success takes it
 * again. Answers what each piece did, in order.
 * @throws only when the database cannot be reached; then nothing was stored.
 */
export function settlePayouts(context: Context, batch: PayoutEvidence[]): Promise<PayoutEffect[]> {
  return settleInRounds<PayoutEvidence, Row>(context, batch, {
    table: 'payouts',
    subjectOf: ({ payout_id }) => payout_id,
    settlement: (round) => settlement(context, round),
    told: (rows) => tell(context, rows),
  })
}

/** Settles one piece of evidence together with whatever else is being settled at this moment. */
export function settlePayout(context: Context, evidence: PayoutEvidence): Promise<PayoutEffect> {
  return context.gather(settlePayouts, evidence)
}

/** Wakes whoever waits for what has just been committed. */
export function tell(context: Context, rows: Pick<Row, 'effect' | 'payout_id'>[]): void {
  const changed = rows.filter(({ effect }) => ['completed', 'failed', 'receipt'].includes(effect))
  if (changed.length > 0) context.signals.wake('deliveries')
  for (const { payout_id } of changed) context.signals.changed(payout_id)
}

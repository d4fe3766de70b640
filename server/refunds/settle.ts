import type { Context } from '../context.ts'
import type { Doubt } from '../callbacks/arrival.ts'
import type { Callback } from '../callbacks/callback.ts'
import type { EvidenceSource } from '../payments/evidence.ts'
import type { RefundFinding } from '../providers/finding.ts'
import { settleInRounds } from '../evidence/settle-rounds.ts'
import { settlement } from './settlement.ts'

/** One fact learnt about a refund. Only what `verdict` says can change its status; the rest informs. */
export type RefundEvidence = Omit<RefundFinding, 'verdict'> & {
  id: string
  merchant_id: string
  refund_id: string
  source: EvidenceSource
  at: Date
  verdict: 'success' | 'failure' | null
  provider_outcome?: 'accepted' | 'refused' | 'unknown'
  /** The payment that the money turned out to be of, where the refund was of money that nothing explained. */
  payment_id?: string
  /** Why it is worth a check and no more, in spite of its token. */
  doubt?: Doubt
  /** When to ask the provider next, should this evidence leave the refund open. */
  check_at?: Date
  callback?: Callback
  raw?: Buffer
}

/** What one piece of evidence did to its refund. */
export type RefundEffect =
  | 'completed'
  | 'failed'
  /** It named the receipt of a refund that was completed without one. */
  | 'receipt'
  /** It told whose money it was that had gone back. */
  | 'linked'
  /** It changed nothing, or said what was known. */
  | 'informed'
  /** It says failure where money has gone back: kept, and shown to a person. */
  | 'contradicts'
  /** It names another request, or other money, than this refund's: it settles nothing, and a check is due. */
  | 'mismatch'
  /** It came from an address that is not the provider's, for live money: it settles nothing until a check confirms it. */
  | 'doubted'
  /** Its amount, or its receipt, is not one that this refund can be completed with. */
  | 'wrong_amount'
  | 'receipt_used'
  | 'second_receipt'
  /** There is no such refund. */
  | 'no_refund'
  /** It could not be stored with the rest; its raw body was, alone. */
  | 'set_aside'

type Row = { id: string; effect: Exclude<RefundEffect, 'set_aside'>; refund_id: string; payment_id: string | null }

/**
 * Settles any number of refunds by what was learnt about them. Status, what the payment has reserved and given back, evidence,
 * raw bodies, events and deliveries are one statement. Safe to repeat: what goes back counts by receipt. A payment of which
 * all is back becomes `reversed`, with one event. Answers what each piece did, in order.
 * @throws only when the database cannot be reached; then nothing was stored.
 */
function settleRefunds(context: Context, batch: RefundEvidence[]): Promise<RefundEffect[]> {
  return settleInRounds<RefundEvidence, Row>(context, batch, {
    table: 'refunds',
    subjectOf: ({ refund_id }) => refund_id,
    settlement: (round) => settlement(context, round),
    told: (rows) => tell(context, rows),
  })
}

/** Settles one piece of evidence together with whatever else is being settled at this moment. */
export function settleRefund(context: Context, evidence: RefundEvidence): Promise<RefundEffect> {
  return context.gather(settleRefunds, evidence)
}

function tell(context: Context, rows: Row[]): void {
  const changed = rows.filter(({ effect }) => ['completed', 'failed', 'linked'].includes(effect))
  if (changed.length > 0) context.signals.wake('deliveries')
  for (const { refund_id, payment_id } of changed) {
    context.signals.changed(refund_id)
    if (payment_id) context.signals.changed(payment_id)
  }
}

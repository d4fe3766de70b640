import type { Context } from '../context.ts'
import { storeCallbacks } from '../callbacks/store.ts'
import { again } from '../database/again.ts'
import { isRefusal } from '../database/away.ts'
import { dealRounds } from '../database/rounds.ts'
import { sql } from '../database/sql.ts'
import type { Callback, EvidenceSource } from '../payments/evidence.ts'
import type { RefundFinding } from '../providers/provider.ts'
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
  /** It came from an address that the provider does not list: for live money it is worth a check, no more. */
  isFromOutside?: boolean
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

/**
 * Settles any number of refunds by what was learnt about them. Status, what the payment has reserved and given back, evidence,
 * raw bodies, events and deliveries are one statement. Safe to repeat: what goes back counts by receipt. A payment of which
 * all is back becomes `reversed`, with one event. Answers what each piece did, in order.
 * @throws only when the database cannot be reached; then nothing was stored.
 */
export async function settleRefunds(context: Context, batch: RefundEvidence[]): Promise<RefundEffect[]> {
  const effects = new Map<string, RefundEffect>()
  const successFirst = [...batch].sort((left, right) => rank(left) - rank(right))
  const namesOf = ({ refund_id, receipt }: RefundEvidence) => [refund_id, ...(receipt ? [receipt] : [])]
  for (const round of dealRounds(successFirst, namesOf)) await settleRound(context, round.sort(byRefund), effects)
  return batch.map(({ id }) => effects.get(id)!)
}

/** Settles one piece of evidence together with whatever else is being settled at this moment. */
export function settleRefund(context: Context, evidence: RefundEvidence): Promise<RefundEffect> {
  return context.gather(settleRefunds, evidence)
}

const attemptsMax = 3

async function settleRound(
  context: Context,
  round: RefundEvidence[],
  effects: Map<string, RefundEffect>,
  attempt = 1,
): Promise<void> {
  try {
    type Settled = { id: string; effect: RefundEffect; refund_id: string; payment_id: string | null }
    const rows = await again(context, () => context.database.query<Settled>(settlement(context, round)))
    for (const { id, effect } of rows) effects.set(id, effect)
    const told = rows.filter(({ effect }) => ['completed', 'failed', 'linked'].includes(effect))
    if (told.length > 0) context.signals.wake('deliveries')
    for (const { refund_id, payment_id } of told) {
      context.signals.changed(refund_id)
      if (payment_id) context.signals.changed(payment_id)
    }
  } catch (error) {
    if (!isRefusal(error)) throw error
    // At this very moment another node gave the receipt to another refund: the second look finds it used.
    const isTaken = (error as { code: string }).code === '23505'
    if (isTaken && attempt < attemptsMax) return settleRound(context, round, effects, attempt + 1)
    if (round.length === 1) return setAside(context, round[0]!, error as Error, effects)
    const middle = round.length >> 1
    await settleRound(context, round.slice(0, middle), effects)
    await settleRound(context, round.slice(middle), effects)
  }
}

async function setAside(
  context: Context,
  evidence: RefundEvidence,
  error: Error,
  effects: Map<string, RefundEffect>,
): Promise<void> {
  const { id, merchant_id, refund_id, at, callback } = evidence
  context.log.error({ error, refund_id }, 'Evidence that cannot be stored was set aside.')
  effects.set(id, 'set_aside')
  if (callback) await storeCallbacks(context, [{ ...callback, problem: error.message }])
  await context.database.query(sql`
    update refunds set needs_attention = coalesce(needs_attention, 'unreadable_evidence'), updated_at = ${at}
    where merchant_id = ${merchant_id} and id = ${refund_id}`)
}

function rank({ verdict }: RefundEvidence): number {
  return verdict === 'success' ? 0 : verdict === 'failure' ? 1 : 2
}

function byRefund(left: RefundEvidence, right: RefundEvidence): number {
  const [a, b] = [left.merchant_id + left.refund_id, right.merchant_id + right.refund_id]
  return a < b ? -1 : a > b ? 1 : 0
}

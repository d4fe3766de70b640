import type { Arrival } from '../callbacks/arrival.ts'
import type { Reply } from '../callbacks/reply.ts'
import type { Context } from '../context.ts'
import type { StatusAnswer } from '../providers/status.ts'
import { providerOf } from '../providers/provider-of.ts'
import { saysNothing, silence } from '../evidence/silence.ts'
import { newId } from '../id.ts'
import type { PayoutEffect } from './effect.ts'
import type { PayoutEvidence } from './evidence.ts'
import { settlePayout } from './settle.ts'

/** Settles the payout that the token names by what the provider posted about it. Does not need to know the request's ids. */
export async function actOnPayout(context: Context, arrival: Arrival): Promise<Reply | undefined> {
  const finding = providerOf(context, arrival).payouts?.read(arrival)
  if (!finding) return undefined
  const isSilent = saysNothing(context, arrival, finding)
  // The queue gave up waiting: so it is asked, at once, what became of the request.
  const learnt = isSilent ? { ...silence, check_at: arrival.received_at } : finding
  await learn(context, arrival, { ...learnt, source: 'callback', provider_outcome: 'accepted' })
  if (isSilent) context.signals.wake('payout checks')
  return 'accepted'
}

/**
 * Settles a payout by what the provider answered when asked about its request. One that was sent and came back is first completed,
 * if that had not been heard, and then returned.
 */
export async function learnStatusOfPayout(context: Context, arrival: Arrival, answer: StatusAnswer): Promise<void> {
  const learnt = judge(answer)
  const effect = await learn(context, arrival, { ...learnt, source: 'status' })
  const isBack = answer.state === 'reversed' && learnt.verdict === 'success'
  if (!isBack || !['completed', 'receipt', 'informed'].includes(effect)) return
  const { merchant_id, subject_id: payout_id, received_at: at } = arrival
  const { amount_cents, amount_unreadable, at: returned_at = at } = answer
  await settlePayout(context, {
    id: newId(at),
    merchant_id,
    payout_id,
    source: 'status',
    at,
    verdict: null,
    message: answer.message,
    amount_cents,
    amount_unreadable,
    returned_at,
    callback_id: arrival.id,
  })
}

type Learnt = Pick<PayoutEvidence, 'verdict'> & Partial<PayoutEvidence>

/** Money was sent when it was completed, and left our short code, also where it came back. That the question was answered says nothing. */
function judge({ state, direction, receipt, amount_cents, amount_unreadable, at, ...answer }: StatusAnswer): Learnt {
  const { provider_code, message, conversation_id } = answer
  const said = { provider_code, message, conversation_id }
  const isOurs = direction === 'out'
  const needs_attention = isOurs && state === 'reversed' ? 'payout_reversed' : undefined
  if (isOurs && (state === 'completed' || state === 'reversed') && receipt)
    return { ...said, verdict: 'success', receipt, amount_cents, amount_unreadable, paid_at: at, needs_attention }
  if (isOurs && state === 'failed') return { ...said, verdict: 'failure', failure_code: 'provider_error' }
  return { ...said, verdict: null, needs_attention }
}

async function learn(
  context: Context,
  arrival: Arrival,
  learnt: Learnt & Pick<PayoutEvidence, 'source'>,
): Promise<PayoutEffect> {
  const { id, merchant_id, subject_id: payout_id, received_at: at, doubt } = arrival
  return settlePayout(context, {
    ...learnt,
    id,
    merchant_id,
    payout_id,
    at,
    doubt,
    callback: arrival,
  })
}

import type { Arrival } from '../callbacks/arrival.ts'
import type { Reply } from '../callbacks/reply.ts'
import type { Context } from '../context.ts'
import type { StatusAnswer } from '../providers/status.ts'
import { providerOf } from '../providers/provider-of.ts'
import { saysNothing, silence } from '../evidence/silence.ts'
import { settlePayout } from './settle.ts'
import type { PayoutEvidence } from './evidence.ts'

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

/** Settles a payout by what the provider answered when asked about its request. */
export function learnStatusOfPayout(context: Context, arrival: Arrival, answer: StatusAnswer): Promise<void> {
  return learn(context, arrival, { ...judge(answer), source: 'status' })
}

type Learnt = Pick<PayoutEvidence, 'verdict'> & Partial<PayoutEvidence>

/** Money was sent when it was completed, and left our short code. That the question was answered says nothing. */
function judge({ state, direction, receipt, amount_cents, amount_unreadable, at, ...answer }: StatusAnswer): Learnt {
  const { provider_code, message, conversation_id } = answer
  const said = { provider_code, message, conversation_id }
  const isOurs = direction === 'out'
  if (isOurs && state === 'completed' && receipt)
    return { ...said, verdict: 'success', receipt, amount_cents, amount_unreadable, paid_at: at }
  if (isOurs && state === 'failed') return { ...said, verdict: 'failure', failure_code: 'provider_error' }
  // It was sent, and came back: what that means for whoever should have it, a person decides.
  if (isOurs && state === 'reversed') return { ...said, verdict: null, receipt, needs_attention: 'payout_reversed' }
  return { ...said, verdict: null }
}

async function learn(
  context: Context,
  arrival: Arrival,
  learnt: Learnt & Pick<PayoutEvidence, 'source'>,
): Promise<void> {
  const { id, merchant_id, subject_id: payout_id, received_at: at, doubt } = arrival
  await settlePayout(context, {
    ...learnt,
    id,
    merchant_id,
    payout_id,
    at,
    doubt,
    callback: arrival,
  })
}

import type { Arrival } from '../callbacks/arrival.ts'
import type { Reply } from '../callbacks/reply.ts'
import type { Context } from '../context.ts'
import type { StatusAnswer } from '../providers/status.ts'
import { providerOf } from '../providers/provider-of.ts'
import { saysNothing, silence } from '../evidence/silence.ts'
import { findRefund } from './find.ts'
import { settleReversals } from './reversals.ts'
import { settleRefund } from './settle.ts'
import type { RefundEvidence } from './evidence.ts'

/** Settles the refund that the token names by what the provider posted about it. Does not need to know the request's ids. */
export async function actOnRefund(context: Context, arrival: Arrival): Promise<Reply | undefined> {
  const finding = providerOf(context, arrival).refunds?.read(arrival)
  if (!finding) return undefined
  const isSilent = saysNothing(context, arrival, finding)
  // The queue gave up waiting: so it is asked, at once, what became of the request.
  const learnt: Learnt = isSilent
    ? { ...silence, check_at: arrival.received_at }
    : { ...finding, provider_outcome: 'accepted' }
  await learn(context, arrival, learnt, 'callback')
  return 'accepted'
}

/** Settles a refund by what the provider answered when asked about its request. */
export async function learnStatusOfRefund(context: Context, arrival: Arrival, answer: StatusAnswer): Promise<void> {
  await learn(context, arrival, judge(answer), 'status')
}

type Learnt = Pick<RefundEvidence, 'verdict'> & Partial<RefundEvidence>

/** Money that left our account under the request's id is back with its payer. */
function judge({ state, direction, conversation_id, ...answer }: StatusAnswer): Learnt {
  const { provider_code, message, receipt, amount_cents, amount_unreadable, at: gone_at } = answer
  const said = { provider_code, message, conversation_id }
  if (direction === 'out' && state === 'completed' && receipt)
    return { ...said, verdict: 'success', receipt, amount_cents, amount_unreadable, gone_at }
  if (direction === 'out' && state === 'failed') return { ...said, verdict: 'failure', failure_code: 'provider_error' }
  return { ...said, verdict: null }
}

async function learn(
  context: Context,
  arrival: Arrival,
  learnt: Learnt,
  source: RefundEvidence['source'],
): Promise<void> {
  const { merchant_id, subject_id: refund_id, received_at: at, doubt } = arrival
  const evidence = { ...learnt, id: arrival.id, merchant_id, refund_id, source, at }
  const effect = await settleRefund(context, {
    ...evidence,
    doubt,
    callback: arrival,
  })
  if (effect === 'second_receipt') await countSecond(context, evidence)
  if (learnt.check_at) context.signals.wake('refund checks')
}

/** Money went back twice for one refund. What the first receipt does not explain is a refund of its own. */
async function countSecond(
  context: Context,
  { merchant_id, refund_id, receipt, amount_cents, at, gone_at = at, source }: RefundEvidence,
): Promise<void> {
  const { provider, environment, payment_receipt } = await findRefund(context, { merchant_id, id: refund_id })
  await settleReversals(context, [
    {
      merchant_id,
      provider,
      environment,
      receipt: payment_receipt,
      reversal_receipt: receipt,
      amount_cents,
      at: gone_at,
      source,
    },
  ])
}

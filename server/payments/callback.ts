import type { Arrival } from '../callbacks/arrival.ts'
import type { Reply } from '../callbacks/reply.ts'
import type { Context } from '../context.ts'
import { idAfter } from '../id.ts'
import type { Told } from '../providers/provider.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { PaymentEvidence } from './evidence.ts'
import { settlePayment, settlePayments } from './settle.ts'

/**
 * Settles the payment that the token names by what the provider posted about it; or, where nothing that it posts is proof, has it
 * asked at once.
 */
export async function actOnPayment(context: Context, arrival: Arrival): Promise<Reply | undefined> {
  const findings = providerOf(context, arrival).payments.read(arrival)
  if (!findings) return undefined
  const [first, ...others] = findings.map((finding, index) => evidenceOf(arrival, finding, index))
  const effects =
    others.length > 0 ? await settlePayments(context, [first!, ...others]) : [await settlePayment(context, first!)]
  if (effects.includes('doubted')) for (const sweep of ['checks', 'receipts'] as const) context.signals.wake(sweep)
  return 'accepted'
}

/** One of the things that a callback says. Each has an id of its own, which is the same however often the callback is acted on. */
function evidenceOf(arrival: Arrival, finding: Told, index: number): PaymentEvidence {
  return {
    ...finding,
    id: index === 0 ? arrival.id : idAfter(arrival.id, index),
    merchant_id: arrival.merchant_id,
    payment_id: arrival.subject_id,
    source: 'callback',
    at: arrival.received_at,
    provider_outcome: 'accepted',
    doubt: arrival.doubt,
    ...(index === 0 ? { callback: arrival } : { callback_id: arrival.id }),
  }
}

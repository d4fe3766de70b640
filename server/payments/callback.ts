import type { Arrival } from '../callbacks/arrival.ts'
import type { Reply } from '../callbacks/reply.ts'
import type { Context } from '../context.ts'
import { providerOf } from '../providers/provider-of.ts'
import { settlePayment } from './settle.ts'

/** Settles the payment that the token names by what the provider posted about it. */
export async function actOnPayment(context: Context, arrival: Arrival): Promise<Reply | undefined> {
  const finding = providerOf(context, arrival).payments.read(arrival)
  if (!finding) return undefined
  await settlePayment(context, {
    ...finding,
    id: arrival.id,
    merchant_id: arrival.merchant_id,
    payment_id: arrival.subject_id,
    source: 'callback',
    at: arrival.received_at,
    provider_outcome: 'accepted',
    doubt: arrival.doubt,
    callback: arrival,
  })
  return 'accepted'
}

import { accepted, callbackOf } from '../callbacks/act.ts'
import type { Reply, TrustedArrival } from '../callbacks/act.ts'
import type { Context } from '../context.ts'
import { settlePayment } from './settle.ts'

/** Settles the payment that the token names by what the provider posted about it. */
export async function actOnPayment(context: Context, arrival: TrustedArrival): Promise<Reply | undefined> {
  const finding = context.providers.mpesa!.readCallback(arrival.json)
  if (!finding) return undefined
  await settlePayment(context, {
    ...finding,
    id: arrival.id,
    merchant_id: arrival.merchant_id,
    payment_id: arrival.subject_id,
    source: 'callback',
    at: arrival.at,
    provider_outcome: 'accepted',
    doubt: arrival.doubt,
    callback: callbackOf(arrival),
  })
  return accepted
}

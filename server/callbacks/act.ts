import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import type { Callback, Evidence } from '../payments/evidence.ts'
import { settlePayment } from '../payments/settle.ts'
import type { TokenSubject } from '../token.ts'
import type { Arrival } from './arrival.ts'
import { storeCallbacks } from './store.ts'

/** A body with a valid token: it may settle, and only what the token names. */
export type TrustedArrival = Arrival & TokenSubject

/**
 * Acts on a callback whose token is valid, and answers whether it was a callback at all.
 * When this returns, the body is committed together with what it changed.
 */
export async function actOn(context: Context, arrival: TrustedArrival): Promise<boolean> {
  const finding = arrival.channel === 'timeout' ? undefined : context.providers.mpesa!.readCallback(arrival.json)
  if (!finding) {
    await storeCallbacks(context, [{ ...callbackOf(arrival), problem: 'Not a callback about a payment.' }])
    return false
  }
  const evidence: Evidence = {
    ...finding,
    id: newId(arrival.at),
    merchant_id: arrival.merchant_id,
    payment_id: arrival.subject_id,
    source: 'callback',
    at: arrival.at,
    provider_outcome: 'accepted',
    isFromOutside: !arrival.isFromSafaricom,
    callback: callbackOf(arrival),
  }
  await settlePayment(context, evidence)
  return true
}

function callbackOf({
  merchant_id,
  id,
  kind,
  subject_id,
  at,
  path,
  source_address,
  headers,
  body,
}: TrustedArrival): Callback {
  return { merchant_id, id, kind, subject_id, received_at: at, path, source_address, headers, body }
}

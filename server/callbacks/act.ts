import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { actOnPayment } from '../payments/callback.ts'
import type { Callback } from '../payments/evidence.ts'
import type { TokenKind, TokenSubject } from '../token.ts'
import type { Arrival } from './arrival.ts'
import { storeCallbacks } from './store.ts'

/** A body with a valid token: it may settle, and only what the token names. */
export type TrustedArrival = Arrival & TokenSubject

/** What the provider is answered. */
export type Reply = { ResultCode: number | string; ResultDesc: string; ThirdPartyTransID?: string }

export const accepted: Reply = { ResultCode: 0, ResultDesc: 'Accepted' }

/** Acts on one kind of callback and answers the reply, or undefined when the body is none of this kind. */
export type Act = (context: Context, arrival: TrustedArrival) => Promise<Reply | undefined>

const acts: Partial<Record<TokenKind, Act>> = { payment: actOnPayment }

/**
 * Acts on a callback whose token is valid, and answers the provider; undefined when the body is no callback at all.
 * When this returns, the body is committed: together with what it changed, or alone, to be acted on by the sweep.
 */
export async function actOn(context: Context, arrival: TrustedArrival): Promise<Reply | undefined> {
  try {
    const reply = await acts[arrival.kind]?.(context, arrival)
    if (!reply)
      await storeCallbacks(context, [
        { ...callbackOf(arrival), problem: 'This is not a callback of the kind that its token names.' },
      ])
    return reply
  } catch (error) {
    context.log.error(
      { error, callback_id: arrival.id },
      'A callback could not be acted on at once; it is kept, and tried again.',
    )
    await storeCallbacks(context, [
      { ...callbackOf(arrival), settle_at: later(context.clock.now(), againMs), problem: String(error) },
    ])
    return accepted
  }
}

const againMs = 5_000

/** The row that keeps an arrival. */
export function callbackOf({
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

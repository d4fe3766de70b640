import { actOnC2b } from '../c2b/callback.ts'
import { rejectByDefault } from '../c2b/default-action.ts'
import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { isAway } from '../database/outage.ts'
import { Problem } from '../problem.ts'
import { actOnBalance } from '../questions/balance-callback.ts'
import { actOnPayment } from '../payments/callback.ts'
import type { Callback } from '../payments/evidence.ts'
import { actOnPayout } from '../payouts/callback.ts'
import { actOnRefund } from '../refunds/callback.ts'
import { actOnPull } from '../reconciliation/callback.ts'
import type { TokenKind, TokenSubject } from '../token.ts'
import type { Arrival } from './arrival.ts'
import { judgeSignature } from './signature.ts'
import { actOnStatus } from '../questions/status-callback.ts'
import { storeCallbacks } from './store.ts'

/** A body with a valid token: it may settle, and only what the token names. */
export type TrustedArrival = Arrival & TokenSubject

/** What the provider is answered. */
export type Reply = { ResultCode: number | string; ResultDesc: string; ThirdPartyTransID?: string }

export const accepted: Reply = { ResultCode: 0, ResultDesc: 'Accepted' }

/** Acts on one kind of callback and answers the reply, or undefined when the body is none of this kind. */
export type Act = (context: Context, arrival: TrustedArrival) => Promise<Reply | undefined>

const acts: Partial<Record<TokenKind, Act>> = {
  payment: actOnPayment,
  refund: actOnRefund,
  payout: actOnPayout,
  status: actOnStatus,
  balance: actOnBalance,
  c2b: actOnC2b,
  pull: actOnPull,
}

/** Longer than this nobody waits for the database: a provider that gets no answer does not come back. */
const patienceMs = 4_000
/** Safaricom waits 8 s for a validation, of which the merchant's own server may take 4. */
const validationPatienceMs = 6_500
const againMs = 5_000

/**
 * Receives a callback whose token is valid, and answers the provider; undefined when the body is no callback at all.
 * When this returns, the body is durable: committed together with what it changed; or alone, to be acted on by the sweep; or,
 * while the database is away, in the spool.
 * @throws when it could be kept nowhere.
 */
export async function receive(context: Context, arrival: TrustedArrival): Promise<Reply | undefined> {
  if (context.spool?.isFilling()) {
    // Should the disk have no room, the database may be back by now.
    const reply = await keepInSpool(context, arrival).catch(() => undefined)
    if (reply) return reply
  }
  try {
    return await withPatience(
      act(context, arrival),
      arrival.channel === 'validation' ? validationPatienceMs : patienceMs,
    )
  } catch (error) {
    if (isAway(error)) return keepInSpool(context, arrival, error)
    context.log.error(
      { error, callback_id: arrival.id },
      'A callback could not be acted on at once; it is kept, and tried again.',
    )
    return keepAlone(context, arrival, error)
  }
}

/** Acts on a callback now. @throws when that fails; then nothing was done. */
export async function act(context: Context, arrival: TrustedArrival): Promise<Reply | undefined> {
  const reply = await acts[arrival.kind]?.(context, await judgeSignature(context, arrival))
  if (!reply)
    await storeCallbacks(context, [
      { ...callbackOf(arrival), problem: 'This is not a callback of the kind that its token names.' },
    ])
  return reply
}

async function keepAlone(context: Context, arrival: TrustedArrival, problem: unknown): Promise<Reply> {
  const kept = { ...callbackOf(arrival), settle_at: later(context.clock.now(), againMs), problem: String(problem) }
  try {
    await withPatience(storeCallbacks(context, [kept]), patienceMs)
    return accepted
  } catch (error) {
    if (isAway(error)) return keepInSpool(context, arrival, error)
    throw error
  }
}

/** What only asks whether a payment is wanted is answered by the default of its account, and not kept: no money has moved. */
async function keepInSpool(context: Context, arrival: TrustedArrival, why?: unknown): Promise<Reply> {
  if (arrival.channel === 'validation') return rejectByDefault(context, arrival.subject_id) ?? accepted
  if (!context.spool) throw why
  if (why) context.log.warn({ error: why }, 'The database is away: callbacks are kept in the spool.')
  try {
    await context.spool.keep(callbackOf(arrival))
    return accepted
  } catch (error) {
    context.log.error(
      { error, callback_id: arrival.id },
      'A callback could be kept neither in the database nor on disk.',
    )
    throw new Problem('unavailable', 'Neither the database nor the disk can keep this callback at the moment.')
  }
}

// The work goes on meanwhile. Should it succeed after all, the spool repeats it in vain, for the id is the same.
async function withPatience<Result>(work: Promise<Result>, patienceMs: number): Promise<Result> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`timeout: no answer within ${patienceMs} ms`)), patienceMs)
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

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

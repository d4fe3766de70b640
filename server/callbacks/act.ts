import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { isAway } from '../database/outage.ts'
import { Problem } from '../problem.ts'
import type { TokenKind } from '../token.ts'
import type { Arrival } from './arrival.ts'
import type { Reply } from './reply.ts'
import { patienceMs, withPatience } from './patience.ts'
import { judgeSignature } from './signature.ts'
import { storeCallbacks } from './store.ts'

/** Acts on one kind of callback and answers the reply, or undefined when the body is none of this kind. */
export type Act = (context: Context, arrival: Arrival) => Promise<Reply | undefined>

/** What a node does with what it hears. */
export type Acts = {
  /** By the kind of subject that a token names. */
  of: Record<TokenKind, Act>
  /** Answers a validation without the database. Undefined lets in what nobody judged. */
  rejectByDefault(context: Context, accountId: string): Reply | undefined
  /** Makes what a provider's request id names due to be asked about, on the word of somebody without the power to settle it. */
  hasten(context: Context, requestId: string): Promise<void>
}

/** Safaricom waits 8 s for a validation, of which the merchant's own server may take 4. */
const validationPatienceMs = 6_500
const againMs = 5_000

/**
 * Receives a callback whose token is valid, and answers the provider; undefined when the body is no callback at all.
 * When this returns, the body is durable: committed together with what it changed; or alone, to be acted on by the sweep; or,
 * while the database is away, in the spool.
 * @throws when it could be kept nowhere.
 */
export async function receive(context: Context, acts: Acts, arrival: Arrival): Promise<Reply | undefined> {
  if (context.spool?.isFilling()) {
    // Should the disk have no room, the database may be back by now.
    const reply = await keepInSpool(context, acts, arrival).catch(() => undefined)
    if (reply) return reply
  }
  try {
    // Should the work succeed after all, the spool repeats it in vain, for the id is the same.
    return await withPatience(
      act(context, acts, arrival),
      arrival.channel === 'validation' ? validationPatienceMs : patienceMs,
    )
  } catch (error) {
    if (isAway(error)) return keepInSpool(context, acts, arrival, error)
    context.log.error(
      { error, callback_id: arrival.id },
      'A callback could not be acted on at once; it is kept, and tried again.',
    )
    return keepAlone(context, acts, arrival)
  }
}

/** Acts on a callback now. @throws when that fails; then nothing was done. */
export async function act(context: Context, acts: Acts, arrival: Arrival): Promise<Reply | undefined> {
  const reply = await acts.of[arrival.kind](context, await judgeSignature(context, arrival))
  if (!reply)
    await storeCallbacks(context, [{ ...arrival, problem: 'This is not a callback of the kind that its token names.' }])
  return reply
}

async function keepAlone(context: Context, acts: Acts, arrival: Arrival): Promise<Reply> {
  const kept = {
    ...arrival,
    settle_at: later(context.clock.now(), againMs),
    problem: 'It could not be acted on at once.',
  }
  try {
    await withPatience(storeCallbacks(context, [kept]))
    return 'accepted'
  } catch (error) {
    if (isAway(error)) return keepInSpool(context, acts, arrival, error)
    throw error
  }
}

/** What only asks whether a payment is wanted is answered by the default of its account, and not kept: no money has moved. */
async function keepInSpool(context: Context, acts: Acts, arrival: Arrival, why?: unknown): Promise<Reply> {
  if (arrival.channel === 'validation') return acts.rejectByDefault(context, arrival.subject_id) ?? 'accepted'
  if (!context.spool) throw why
  try {
    await context.spool.keep(arrival)
    return 'accepted'
  } catch (error) {
    context.log.error(
      { error, callback_id: arrival.id },
      'A callback could be kept neither in the database nor on disk.',
    )
    throw new Problem('unavailable', 'Neither the database nor the disk can keep this callback at the moment.')
  }
}

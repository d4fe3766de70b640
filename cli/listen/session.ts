import type { Lango, ListenedAttempt, WaitingDelivery } from '@lango/client'
import { createPatience, keepAsking, rest } from '../keep-asking.ts'
import type { KeepAsking, Watch } from '../keep-asking.ts'
import { handOn } from './hand-on.ts'
import type { HandedOn } from './hand-on.ts'

/** What a session does: it hands on what waits for a listener, and tells what happens. */
export type Session = {
  lango: Lango
  /** The listener's id. */
  id: string
  url: string
  /** Ends the session when it is aborted. What is in hand then is finished. */
  stopped: AbortSignal
  tell: Omit<Watch, 'stopped'> & {
    /** An attempt was made; when it failed, how long until the next, if there is one. */
    attempt(delivery: WaitingDelivery, attempt: ListenedAttempt, againInMs: number | undefined): void
    away(reason: string): void
    back(): void
    /** It was taken, but Lango could not be told so. */
    unreported(delivery: WaitingDelivery): void
  }
}

/** What has failed is tried again after so long; the last holds for all that follow. */
const againAfterMs = [5_000, 30_000, 120_000, 300_000]
const waitSeconds = 20
const atOnce = 10
/** As many as Lango leaves out on request. */
const exceptMax = 100
/** A signature is good for five minutes; what was fetched so long ago is fetched anew. */
const freshMs = 60_000

/**
 * Hands on what waits, one after the other, until the session is stopped. Everything waits in Lango until it is reported, so that
 * nothing is lost whoever breaks down; what was handed on and could not be reported comes again.
 * @throws when Lango refuses: the key is none any more, or the listener was deleted.
 */
export async function runSession(session: Session): Promise<void> {
  const { lango, id, stopped, tell } = session
  const ask = keepAsking({ stopped, ...tell })
  const localPatience = createPatience({ firstMs: 500, mostMs: 5_000, until: stopped })
  const triedLater = new Map<string, number>()
  let isAway = false

  while (!stopped.aborted) {
    const nextMs = untilNext(triedLater)
    if (triedLater.size > exceptMax - atOnce) {
      await rest(nextMs, stopped)
      continue
    }
    const wish = {
      limit: atOnce,
      except: [...triedLater.keys()],
      wait_seconds: isAway ? 0 : Math.min(waitSeconds, Math.ceil(nextMs / 1000)),
    }
    const waiting = await ask(() => lango.webhookListeners.fetch(id, wish))
    if (isAway && waiting?.length === 0) await localPatience.wait()
    const fetchedAt = nowMs()
    for (const delivery of waiting ?? []) {
      if (stopped.aborted || nowMs() - fetchedAt > freshMs) break
      const handed = await handOn(session.url, delivery)
      if (handed.kind === 'away') {
        if (!isAway) tell.away(handed.reason)
        isAway = true
        await localPatience.wait()
        break
      }
      if (isAway) tell.back()
      isAway = false
      localPatience.reset()
      await report(session, { ask, delivery, handed, triedLater })
    }
  }
}

type Reporting = {
  ask: KeepAsking
  delivery: WaitingDelivery
  handed: Exclude<HandedOn, { kind: 'away' }>
  triedLater: Map<string, number>
}

async function report(session: Session, { ask, delivery, handed, triedLater }: Reporting): Promise<void> {
  const attempt = attemptOf(delivery, handed)
  const recorded = await ask(() => session.lango.webhookListeners.report(session.id, attempt))
  const againInMs = recorded?.status === 'pending' ? delayAfter(delivery.attempt) : undefined
  if (againInMs !== undefined) triedLater.set(delivery.id, nowMs() + againInMs)
  session.tell.attempt(delivery, attempt, againInMs)
  if (!recorded) session.tell.unreported(delivery)
}

function attemptOf({ id: delivery_id, attempt }: WaitingDelivery, handed: Reporting['handed']): ListenedAttempt {
  const made = { delivery_id, attempt, duration_ms: handed.durationMs }
  if (handed.kind === 'failed') return { ...made, status: null, error: handed.error }
  const { status, response } = handed
  const isTaken = status >= 200 && status < 300
  return {
    ...made,
    status,
    ...(response && { response }),
    ...(!isTaken && { error: `The endpoint answered ${status}.` }),
  }
}

function delayAfter(attempt: number): number {
  return againAfterMs[Math.min(attempt, againAfterMs.length) - 1]!
}

/** Milliseconds until the next that has failed is tried again, and no longer left out; an hour when there is none. */
function untilNext(triedLater: Map<string, number>): number {
  const now = nowMs()
  for (const [id, at] of triedLater) if (at <= now) triedLater.delete(id)
  return Math.min(3_600_000, ...[...triedLater.values()].map((at) => at - now))
}

const nowMs = () => process.uptime() * 1000

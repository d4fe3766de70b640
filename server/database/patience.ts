import { setTimeout as pause } from 'node:timers/promises'
import { CannotStart } from '../cannot-start.ts'
import { stopwatch } from '../clock.ts'
import { explainDatabase } from './explain.ts'
import { isAway } from './outage.ts'

/** Does `work`, again and again while the database does not answer. It must be safe to repeat: it may have been done unseen. */
export type Patiently = <Result>(work: () => Promise<Result>) => Promise<Result>

export type PatienceOptions = {
  /** The database's address. */
  url: string
  /** Told what is waited for, as a sentence; the same one once. */
  tell: (sentence: string) => void
  /** Ends the waiting. */
  interrupted?: AbortSignal
}

const patienceMs = 120_000
const pauseMs = 500

/** At first contact, nobody there, or somebody who only reads, is a wrong address more often than an outage. */
const wrongAddress = /^(ECONNREFUSED|ENOENT|ENOTFOUND|EAI_AGAIN|25006)$/

/**
 * For whoever starts: waits for a database that is slow, is coming up, or has no connection left, for two minutes each time; for one
 * that has answered before, whatever became of it.
 * @throws CannotStart, a sentence that says what to do, when it was waited for in vain; anything else at once.
 */
export function createPatience({ url, tell, interrupted }: PatienceOptions): Patiently {
  let hasAnswered = false
  const told = new Set<string>()

  function mayPass(why: unknown): why is CannotStart {
    if (!(why instanceof CannotStart) || !why.cause || !isAway(why.cause)) return false
    return hasAnswered || !wrongAddress.test((why.cause as { code?: string }).code ?? '')
  }

  return async (work) => {
    const waitedMs = stopwatch()
    for (;;) {
      try {
        const result = await work()
        hasAnswered = true
        return result
      } catch (error) {
        const why = explainDatabase(error, url)
        if (!mayPass(why) || interrupted?.aborted || waitedMs() > patienceMs) throw why
        if (!told.has(why.message)) tell(`${why.message} Lango goes on trying for two minutes.`)
        told.add(why.message)
      }
      await pause(pauseMs, undefined, { signal: interrupted }).catch(() => {})
    }
  }
}

import { setTimeout as wait } from 'node:timers/promises'
import { LangoError } from '@lango/client'

/** Asks until there is an answer. Undefined when it is stopped before. @throws what Lango refuses. */
export type KeepAsking = <Answer>(question: () => Promise<Answer>) => Promise<Answer | undefined>

/** What is told of it: that nobody answers, once, and that somebody does again. */
export type Watch = { stopped: AbortSignal; langoAway(error: LangoError): void; langoBack(): void }

const firstMs = 1_000
const mostMs = 10_000

/** Asks an installation that may be away for a while: restarted, or behind a network that breaks. */
export function keepAsking({ stopped, langoAway, langoBack }: Watch): KeepAsking {
  const patience = createPatience({ firstMs, mostMs, until: stopped })
  let isAway = false
  return async (question) => {
    while (!stopped.aborted || !isAway) {
      try {
        const answer = await question()
        if (isAway) langoBack()
        isAway = false
        patience.reset()
        return answer
      } catch (error) {
        if (stopped.aborted) return undefined
        if (!(error instanceof LangoError) || !mayPass(error)) throw error
        if (!isAway) langoAway(error)
        isAway = true
        await patience.wait()
      }
    }
    return undefined
  }
}

/** True for what is better in a while: nobody there, something else in between, too much asked. */
function mayPass({ code, status = 0 }: LangoError): boolean {
  return code === 'no_answer' || code === 'unreadable_answer' || status >= 500 || status === 429
}

/** How long to wait before something is tried again: longer each time, until it has worked. */
export type Patience = { wait(): Promise<void>; reset(): void }

export function createPatience(range: { firstMs: number; mostMs: number; until: AbortSignal }): Patience {
  let nextMs = range.firstMs
  return {
    async wait() {
      const delayMs = nextMs
      nextMs = Math.min(nextMs * 2, range.mostMs)
      await rest(delayMs, range.until)
    },
    reset() {
      nextMs = range.firstMs
    },
  }
}

/** Waits so long, or until it is all over. */
export async function rest(delayMs: number, until: AbortSignal): Promise<void> {
  await wait(delayMs, undefined, { signal: until }).catch(() => {})
}

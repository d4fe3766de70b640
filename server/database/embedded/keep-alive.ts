import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

import { shutDown } from './postmaster.ts'

const FIRST_PAUSE_MS = 250
const PAUSE_MS_MAX = 5_000
/** Whoever lived for so long died of something new. */
const LONG_LIFE_MS = 60_000

export type KeptAlive = {
  /** Ends PostgreSQL for good, also while it is being brought back. Safe to call again. */
  stop: () => Promise<void>
}

/**
 * Starts PostgreSQL, and brings it back at the same address whenever it ends without having been asked to: at once the first time,
 * then with pauses, for as long as it takes. Each death is told once, and so is each reason why it cannot be brought back.
 * @throws what the first start throws.
 */
export async function keepAlive(
  start: (stopping: AbortSignal) => Promise<ChildProcess>,
  log: (sentence: string) => void,
): Promise<KeptAlive> {
  const over = new AbortController()
  let pauseMs = 0
  let coming: Promise<ChildProcess | undefined> = watched(await start(over.signal))

  async function watched(postgres: ChildProcess): Promise<ChildProcess> {
    const calm = setTimeout(() => (pauseMs = 0), LONG_LIFE_MS).unref()
    postgres.once('exit', () => {
      clearTimeout(calm)
      if (over.signal.aborted) return
      log('PostgreSQL has ended unexpectedly. It is being brought back.')
      coming = bringBack()
    })
    return postgres
  }

  async function bringBack(): Promise<ChildProcess | undefined> {
    let told = ''
    while (await pause()) {
      try {
        const postgres = await start(over.signal)
        log('PostgreSQL is back.')
        return await watched(postgres)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        if (!over.signal.aborted && reason !== told) log((told = reason))
      }
    }
    return undefined
  }

  /** False when there is no need to go on. */
  async function pause(): Promise<boolean> {
    await wait(pauseMs, undefined, { signal: over.signal }).catch(() => {})
    pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, pauseMs * 2), PAUSE_MS_MAX)
    return !over.signal.aborted
  }

  return {
    async stop() {
      over.abort()
      const postgres = await coming
      if (postgres) await shutDown(postgres)
    },
  }
}

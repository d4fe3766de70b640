import { isAway } from './outage.ts'

export type OutageListener = {
  /** The database has been away for a moment, and still is. Told once for each outage. */
  onAway?: (error: Error) => void
  /** It is back. Told once, if it was told that it was away. */
  onBack?: () => void
}

/** A database that restarts answers a few more statements, and refuses others: what comes back at once was not away. */
const graceMs = 200

/** Learns from what statements meet whether the database is there, and tells when that changes. */
export function watchOutage({ onAway, onBack }: OutageListener) {
  let isTold = false
  let doubt: NodeJS.Timeout | undefined

  function failed(error: unknown): void {
    if (isTold || doubt || !isAway(error)) return
    doubt = setTimeout(() => {
      isTold = true
      onAway?.(error as Error)
    }, graceMs).unref()
  }

  function succeeded(): void {
    if (!doubt) return
    clearTimeout(doubt)
    doubt = undefined
    if (isTold) onBack?.()
    isTold = false
  }

  return { failed, succeeded }
}

/** Where the time comes from: the one argument by which a test lives through two days in a millisecond. */
export type Clock = { now(): Date }

/** The machine's own clock. No other file of the server asks it. */
export const systemClock: Clock = { now: () => new Date() }

/** The moment that lies `ms` milliseconds after `at`. */
export function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms)
}

/** Begins to measure how long something of this process takes; answers the ms since then, whatever the clock says. */
export function stopwatch(): () => number {
  const beganAt = performance.now()
  return () => performance.now() - beganAt
}

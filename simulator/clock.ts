/** Where the simulator's time comes from. Pass a `manualClock()` and a test lives through two days in a millisecond. */
export type Clock = {
  now(): Date
  /** Runs something once, `ms` milliseconds from now. Returns the function that cancels it. */
  after(ms: number, run: () => void): () => void
}

export type ManualClock = Clock & {
  /** Moves time on, firing the timers on the way in their order: `1500`, `'75 s'`, `'2 minutes'`, `'48 hours'`. */
  advance(duration: string | number): Promise<void>
}

/** The machine's own time. A pending timer does not keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  after(ms, run) {
    if (ms <= 0) return soon(run)
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** A clock that stands still until it is told to move. Without a start it stands at the present moment. */
export function manualClock(start: Date | string = new Date()): ManualClock {
  let now = new Date(start).getTime()
  if (Number.isNaN(now)) throw new Error(`Not a time: ${String(start)}. Give an ISO 8601 time or a Date.`)
  let timers: { at: number; run: () => void }[] = []

  const after: Clock['after'] = (ms, run) => {
    // What is due now needs no move of the clock.
    if (ms <= 0) return soon(run)
    const timer = { at: now + ms, run }
    timers.push(timer)
    return () => {
      timers = timers.filter((other) => other !== timer)
    }
  }

  const advance: ManualClock['advance'] = async (duration) => {
    const end = now + milliseconds(duration)
    for (;;) {
      await settle()
      const next = timers.filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      timers = timers.filter((timer) => timer !== next)
      now = next.at
      next.run()
    }
    now = end
    await settle()
  }

  return { now: () => new Date(now), after, advance }
}

const unitMs = new Map(Object.entries<number>({ ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }))

/** Reads `1500`, `'500 ms'`, `'75 s'`, `'2 minutes'`, `'48 hours'`, `'1 day'` as milliseconds. */
export function milliseconds(duration: string | number): number {
  if (typeof duration === 'number') return duration
  const [, amount, unit = ''] = /^([\d.]+)\s*(ms|milliseconds?|[smhd][a-z]*)$/.exec(duration.trim()) ?? []
  const ms = unitMs.get(unit.startsWith('ms') || unit.startsWith('milli') ? 'ms' : unit.charAt(0))
  if (amount === undefined || ms === undefined) {
    throw new Error(`Not a duration: ${duration}. Write milliseconds, or '75 s', '2 minutes', '48 hours'.`)
  }
  return Number(amount) * ms
}

function soon(run: () => void): () => void {
  const turn = setImmediate(run)
  return () => clearImmediate(turn)
}

/** Lets promises, and what they start, come to rest before time goes on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

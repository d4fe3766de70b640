import type { Clock } from './clock.ts'

/** What is under way: requests in hand, callbacks being posted, timers. It is how `settled()` knows. */
export type Work = {
  /** Counts a piece of work until it ends. */
  track<T>(run: () => Promise<T>): Promise<T>
  /** Steps out of the count while a piece of work waits for something that only a person or the clock can bring. */
  pause<T>(waiting: Promise<T>): Promise<T>
  /** Runs something after the answer in hand has gone out, `ms` later. Resolves once it is done. */
  soon(run: () => unknown, ms?: number): Promise<void>
  /** Runs something at a time to come, unless cancelled. */
  after(ms: number, run: () => unknown): () => void
  /** Resolves when nothing is under way and nothing is due now. */
  settled(): Promise<void>
  cancelAll(): void
}

export function createWork(clock: Clock): Work {
  const { begin, end, settled } = createCount()
  const cancels = new Set<() => void>()

  const track: Work['track'] = async (run) => {
    begin()
    try {
      return await run()
    } finally {
      end()
    }
  }

  const after: Work['after'] = (ms, run) => {
    const dueNow = ms <= 0
    if (dueNow) begin()
    const forget = () => {
      if (cancels.delete(cancel) && dueNow) end()
    }
    const stop = clock.after(ms, () => {
      // What it starts counts by itself: a callback that then waits for its time is not under way.
      begin()
      void run()
      end()
      forget()
    })
    const cancel = () => {
      stop()
      forget()
    }
    cancels.add(cancel)
    return cancel
  }

  return {
    track,
    after,
    async pause(waiting) {
      end()
      try {
        return await waiting
      } finally {
        begin()
      }
    },
    soon: (run, ms = 0) =>
      new Promise((resolve) => {
        after(ms, async () => {
          await run()
          resolve()
        })
      }),
    settled,
    cancelAll: () => [...cancels].forEach((cancel) => cancel()),
  }
}

/** Counts what is under way, and knows when nothing is. */
function createCount() {
  let busy = 0
  let resting: (() => void)[] = []
  return {
    begin: () => void busy++,
    end() {
      busy--
      if (busy > 0) return
      const woken = resting
      resting = []
      woken.forEach((wake) => wake())
    },
    async settled() {
      do {
        if (busy > 0) await new Promise<void>((wake) => resting.push(wake))
        // Whoever was just answered may ask again at once.
        await new Promise((turn) => setImmediate(turn))
      } while (busy > 0)
    },
  }
}

import type { Context } from '../context.ts'
import { always, createHorizon } from './horizon.ts'
import type { Queue } from './horizon.ts'
import { isAway } from './outage.ts'

/** One kind of due work. */
export type Sweep = {
  name: string
  everyMs: number
  /** Claims a batch of what is due since a moment, does it or begins to, and answers how many there were: none means that nothing is due now. */
  run: (context: Context, since?: Date) => Promise<number>
  /** Where its work lies, if there is so much that it should not be sought from the beginning of time at each turn. */
  queue?: Queue
  /** How many a run takes at most: fewer mean that nothing more is due now. Without it, only a run that finds none does. */
  atMost?: number
  /** Resolves when what was begun has ended. */
  settled?: () => Promise<void>
}

export type DueLoop = { /** Takes no more work, and waits for what is under way. */ stop: () => Promise<void> }

/**
 * Runs every sweep for as long as the node lives: at once when woken, else every `everyMs`; again without a pause while there is work.
 * Correct without being woken. What a sweep throws is logged and tried again at its next turn; that the database is away is
 * told by the database, once for all of them.
 */
export function startDueLoop(context: Context, sweeps: Sweep[]): DueLoop {
  const workers = sweeps.map((sweep) => startSweep(context, sweep))
  const offWake = context.signals.onWake((name) => workers.find((worker) => worker.name === name)?.wake())
  return {
    async stop() {
      offWake()
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}

function startSweep(context: Context, { name, everyMs, run, queue, settled, atMost = 1 }: Sweep) {
  const horizon = queue ? createHorizon(queue) : () => always
  let stopped = false
  let woken = false
  let rouse: (() => void) | undefined

  async function work(): Promise<void> {
    while (!stopped) {
      woken = false
      let count = 0
      try {
        count = await run(context, await horizon(context))
      } catch (error) {
        if (!isAway(error)) context.log.error({ error, sweep: name }, 'A sweep failed; it runs again at its next turn.')
      }
      if (count < atMost && !woken && !stopped) await rest()
    }
  }

  function rest(): Promise<void> {
    return new Promise((resolve) => {
      // Spread a little, so that the nodes of an installation do not all ask in the same moment.
      const timer = setTimeout(resolve, everyMs * (0.8 + 0.4 * Math.random()))
      rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const working = work()
  const wake = () => {
    woken = true
    rouse?.()
  }
  return {
    name,
    wake,
    async stop() {
      stopped = true
      wake()
      await working
      await settled?.()
    },
  }
}

import { stopwatch } from '../clock.ts'

/** So many at once wait for a connection for a moment whenever something begins; as many all the time are more than can be served. */
const waitingMax = 100

/** Learns for how long a pool has had more to do than it can. A queue that a burst has made empties; one that stands does not. */
export function watchQueue(pool: { readonly waitingCount: number }) {
  let standsMs = stopwatch()
  return {
    /** Somebody has asked, and may be the one by whom the queue is too long. */
    asked() {
      if (pool.waitingCount === waitingMax) standsMs = stopwatch()
    },
    overloadedMs: () => (pool.waitingCount < waitingMax ? 0 : standsMs()),
  }
}

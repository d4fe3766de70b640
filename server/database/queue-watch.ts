import { stopwatch } from '../clock.ts'

/** How a node's connections to its database stand. */
export type PoolLoad = {
  /** Connections at work, and such as are open and are not. */
  busy: number
  idle: number
  /** Who waits for one. */
  waiting: number
  /** For how long it has had more to do than it can: 0 while it keeps up. */
  overloadedMs: number
}

/** Several, taken together: as overloaded as the one that is most. */
export function addLoads(loads: PoolLoad[]): PoolLoad {
  const sum = (of: (load: PoolLoad) => number) => loads.reduce((total, load) => total + of(load), 0)
  return {
    busy: sum(({ busy }) => busy),
    idle: sum(({ idle }) => idle),
    waiting: sum(({ waiting }) => waiting),
    overloadedMs: Math.max(0, ...loads.map(({ overloadedMs }) => overloadedMs)),
  }
}

type Pool = { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number }

/** So many at once wait for a connection for a moment whenever something begins; as many all the time are more than can be served. */
const waitingMax = 100

/** Learns for how long a pool has had more to do than it can. A queue that a burst has made empties; one that stands does not. */
export function watchQueue(pool: Pool) {
  let standsMs = stopwatch()
  return {
    /** Somebody has asked, and may be the one by whom the queue is too long. */
    asked() {
      if (pool.waitingCount === waitingMax) standsMs = stopwatch()
    },
    load: (): PoolLoad => ({
      busy: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      overloadedMs: pool.waitingCount < waitingMax ? 0 : standsMs(),
    }),
  }
}

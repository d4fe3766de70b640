import type { LogEntry } from './log.ts'
import { postAgain } from './post-callback.ts'
import type { World } from './world.ts'

/** Sends a logged callback once more, at once or later. Throws if the log has no such callback. */
export function againLater(world: World, logId: string, delayMs: number): Promise<void> {
  return postAgain(world, find(world, logId), delayMs)
}

/** Drops a callback that still waits to be sent. Throws if it does not wait. */
export function dropCallback(world: World, logId: string): void {
  const { state } = find(world, logId)
  const held = world.held.get(logId)
  if (held === undefined) throw new Error(`The callback ${logId} is ${state}, so it cannot be dropped any more.`)
  held.release('drop')
}

function find({ log }: World, logId: string): LogEntry {
  const entry = log.entries.find(({ id, direction }) => id === logId && direction === 'out')
  if (entry === undefined)
    throw new Error(`The log has no callback ${logId}. GET /_/log lists them, with direction "out".`)
  return entry
}

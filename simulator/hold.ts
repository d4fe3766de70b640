import type { World } from './world.ts'

/** Waits at most `ms`. Resolves with what to do then; a person may decide sooner, on the fault page. */
export function hold(world: World, logId: string, ms: number, { untilAnother } = { untilAnother: false }) {
  return world.work.pause(
    new Promise<'send' | 'drop'>((resolve) => {
      const release = (go: 'send' | 'drop') => {
        cancel()
        world.held.delete(logId)
        world.changed('log')
        resolve(go)
        // What was waited for counts as under way from here on, so that `settled()` cannot slip in between.
        void world.work.soon(() => {})
      }
      const cancel = world.work.after(ms, () => release('send'))
      const until = new Date(world.clock.now().getTime() + ms)
      world.held.set(logId, { until, untilAnother, release })
      world.changed('log')
    }),
  )
}

export const isAnyHeldForAnother = (world: World): boolean => [...world.held.values()].some((held) => held.untilAnother)

/** A callback has been delivered: those that waited for another may go. */
export function releaseReordered(world: World): void {
  for (const held of world.held.values()) if (held.untilAnother) held.release('send')
}

import type { Context } from '../context.ts'
import { isAway } from './outage.ts'

/** How long to go on trying, and how often. */
type Patience = { forMs: number; everyMs: number }

/**
 * Keeps what was said once and is not said again. Should the database be away at this moment, that is thrown, and the work is
 * tried again and again beside everything else: it must be safe to repeat, for it may have been done unseen.
 * @throws what the first attempt threw.
 */
export async function persist(
  context: Context,
  { forMs, everyMs }: Patience,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (isAway(error)) void goOn(forMs / everyMs)
    throw error
  }

  async function goOn(turns: number): Promise<void> {
    await pause(everyMs)
    try {
      await work()
    } catch (error) {
      if (isAway(error) && turns > 1) return goOn(turns - 1)
      context.log.error({ error }, 'What the provider said once could not be kept.')
    }
  }
}

// The machine's own time: what is waited for is a database, not the installation's clock. It keeps no process alive.
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref())
}

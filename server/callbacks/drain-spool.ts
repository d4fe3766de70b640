import type { Context } from '../context.ts'
import { isRefusal } from '../database/outage.ts'
import type { Sweep } from '../database/due.ts'
import { sql } from '../database/sql.ts'
import type { Callback } from './callback.ts'
import { storeCallbacks } from './store.ts'

/**
 * Moves what the spool holds into the table of callbacks, as soon as the database is there again; the sweep of kept callbacks
 * then acts on it. A callback that is in the table already, because its commit went through unseen, stays as it is there.
 */
export const drainSpool: Sweep = {
  name: 'spool',
  everyMs: 1_000,
  async run(context) {
    if (!context.spool) return 0
    const { count } = await context.spool.state()
    // Files are taken from their writers only when there is somewhere to put them.
    if (count > 0) await context.database.query(sql`select 1`)
    const { taken, putAside } = await context.spool.drain((callbacks) => move(context, callbacks))
    if (putAside > 0)
      context.log.error({ putAside }, 'A file of the spool was put aside: not everything in it could be kept.')
    if (taken === 0) return 0
    context.log.info({ taken }, 'Callbacks that came while the database was away were moved into it.')
    context.signals.wake('callbacks')
    return taken
  },
}

/** Answers how many PostgreSQL refused: they must not hold up the others for ever. */
async function move(context: Context, callbacks: Callback[]): Promise<number> {
  const due = callbacks.map((callback) => ({ ...callback, settle_at: context.clock.now() }))
  try {
    await storeCallbacks(context, due)
    return 0
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (callbacks.length > 1) {
      const middle = callbacks.length >> 1
      return (await move(context, callbacks.slice(0, middle))) + (await move(context, callbacks.slice(middle)))
    }
    context.log.error({ error, callback_id: callbacks[0]!.id }, 'A callback of the spool cannot be stored.')
    return 1
  }
}

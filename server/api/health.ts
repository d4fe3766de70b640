import { Hono } from 'hono'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'

/**
 * `/healthz`: the process lives, and takes callbacks, also while the database is away; 503 as soon as it was told to stop, so that
 * a proxy sends it no more. `/readyz`: it can do all of its work, or the reason why not, with the callbacks that wait on disk for
 * the database.
 */
export function health(context: Context): Hono {
  const routes = new Hono()
  const { stopping } = context.signals
  routes.get('/healthz', (c) => (stopping.aborted ? c.json({ status: 'stopping' }, 503) : c.json({ status: 'ok' })))
  routes.get('/readyz', async (c) => {
    const spool = (await context.spool?.state().catch(() => unreadable)) ?? null
    try {
      await context.database.query(sql`select 1`)
      if (stopping.aborted) return c.json({ status: 'stopping', database: 'ok', spool }, 503)
      return c.json({ status: 'ok', database: 'ok', spool })
    } catch {
      return c.json({ status: 'unavailable', database: 'unreachable', spool }, 503)
    }
  })
  return routes
}

const unreadable = { count: null, oldest_at: null }

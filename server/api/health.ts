import { Hono } from 'hono'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'

/**
 * `/healthz`: the process lives, and takes callbacks. `/readyz`: it can do all of its work, or the reason why not, with the
 * callbacks that wait on disk for the database.
 */
export function health(context: Context): Hono {
  const routes = new Hono()
  routes.get('/healthz', (c) => c.json({ status: 'ok' }))
  routes.get('/readyz', async (c) => {
    const spool = (await context.spool?.state().catch(() => unreadable)) ?? null
    try {
      await context.database.query(sql`select 1`)
      return c.json({ status: 'ok', database: 'ok', spool })
    } catch {
      return c.json({ status: 'unavailable', database: 'unreachable', spool }, 503)
    }
  })
  return routes
}

const unreadable = { count: null, oldest_at: null }

import { Hono } from 'hono'
import type { Context } from './context.ts'
import { sql } from './database/sql.ts'

/** `/healthz`: the process lives. `/readyz`: it can do its work, or the reason why not. */
export function health(context: Context): Hono {
  const routes = new Hono()
  routes.get('/healthz', (c) => c.json({ status: 'ok' }))
  routes.get('/readyz', async (c) => {
    try {
      await context.database.query(sql`select 1`)
      return c.json({ status: 'ok', database: 'ok' })
    } catch {
      return c.json({ status: 'unavailable', database: 'unreachable' }, 503)
    }
  })
  return routes
}

import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { tracedRequest } from '../tracing.ts'

/** Tells OpenTelemetry of each request, if it listens: by its route, for a path may hold what only its bearer may know. */
export const traced: MiddlewareHandler = (c, next) =>
  tracedRequest(
    c.req.method,
    (name) => c.req.header(name),
    async (tell) => {
      await next()
      const route = routePath(c)
      tell({ status: c.res.status, requestId: c.get('request_id'), route: route.endsWith('*') ? undefined : route })
    },
  )

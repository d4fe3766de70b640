import type { Hono } from 'hono'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** The methods that a path takes; none where nothing is there. */
export function allowedMethods(app: Pick<Hono, 'router'>, path: string): string[] {
  const allowed = methods.filter((method) =>
    // What answers every method is middleware.
    app.router.match(method, path)[0].some(([[, route]]) => route.method !== 'ALL'),
  )
  return allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed
}

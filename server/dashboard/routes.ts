import { Hono } from 'hono'
import type { Context } from '../context.ts'
import { deskRoutes } from './desk-routes.ts'
import { outboxRoutes } from './outbox-routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import type { SignedInEnvironment } from './signed-in.ts'
import { showTrouble } from './trouble-page.ts'

/** What a business sees: every page behind the sign-in, and the sign-in itself. */
export function dashboardRoutes(context: Context): Hono<SignedInEnvironment> {
  const routes = new Hono<SignedInEnvironment>()
  routes.route('/', signInRoutes(context))
  routes.route('/', outboxRoutes(context))
  routes.route('/', deskRoutes(context))
  routes.onError((error, c) => showTrouble(context, error, c))
  return routes
}

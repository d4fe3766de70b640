import type { OpenAPIHono } from '@hono/zod-openapi'
import { createRoutes } from '../api.ts'
import type { ApiEnvironment } from '../api.ts'
import { endpointRoutes } from './endpoint-routes.ts'
import { eventRoutes } from './event-routes.ts'

/** Webhook endpoints, events and deliveries over HTTP. */
export function webhookRoutes(): OpenAPIHono<ApiEnvironment> {
  const routes = createRoutes()
  routes.route('/', endpointRoutes())
  routes.route('/', eventRoutes())
  return routes
}

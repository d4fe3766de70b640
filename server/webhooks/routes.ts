import type { OpenAPIHono } from '@hono/zod-openapi'
import { createRoutes } from '../api/create-routes.ts'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { endpointRoutes } from './endpoint-routes.ts'
import { listenerRoutes } from './listener-routes.ts'

/** Webhook endpoints and deliveries over HTTP. */
export function webhookRoutes(): OpenAPIHono<ApiEnvironment> {
  const routes = createRoutes()
  routes.route('/', endpointRoutes())
  routes.route('/', deliveryRoutes())
  routes.route('/', listenerRoutes())
  return routes
}

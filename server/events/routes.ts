import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { idParam, idSchema } from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { eventSchema, findEvent, listEvents, presentEvent } from './event.ts'
import { eventTypes } from './event-type.ts'

const tags = ['Events']

const list = createRoute({
  method: 'get',
  path: '/events',
  tags: tags,
  summary: 'List events, newest first',
  description: 'All that was told, whether or not an endpoint heard it.',
  middleware: needs('webhooks:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      type: z.enum(eventTypes).optional(),
      payment_id: idSchema('pay').optional(),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
    }),
  },
  responses: { 200: page(eventSchema, 'A page of events'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/events/{id}',
  tags: tags,
  summary: 'One event, as it is posted',
  description: 'The same values, byte for byte, as in the body of the webhook.',
  middleware: needs('webhooks:read'),
  request: { params: idParam('evt') },
  responses: { 200: success(eventSchema, 'The event'), ...failures },
})

/** Events over HTTP. */
export function eventRoutes(): OpenAPIHono<ApiEnvironment> {
  return createRoutes()
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const { payment_id: subject_id, ...query } = c.req.valid('query')
      const found = await listEvents(context, { ...caller, ...readListing('evt', { ...query, subject_id }) })
      return c.json(pageOf('evt', found, presentEvent), 200)
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(presentEvent(await findEvent(context, { ...caller, ...c.req.valid('param') }))), 200)
    })
}

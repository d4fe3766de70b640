import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { createRoutes, failures, idParam, idSchema, needs, page, pageParams, success, timeSchema } from '../api/api.ts'
import type { ApiEnvironment } from '../api/api.ts'
import { pageOf, readCursor, succeeded } from '../api/answer.ts'
import { eventSchema, findEvent, listEvents, presentEvent } from './event.ts'
import { eventTypes } from './event-type.ts'

const tags = ['Events']

const list = createRoute({
  method: 'get',
  path: '/events',
  tags: tags,
  summary: 'List events, newest first',
  middleware: needs('webhooks:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      type: z.enum(eventTypes).optional(),
      payment_id: idSchema('pay').optional(),
      since: timeSchema.optional(),
      until: timeSchema.optional(),
    }),
  },
  responses: { 200: page(eventSchema, 'A page of events'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/events/{id}',
  tags: tags,
  summary: 'One event, as it is posted',
  middleware: needs('webhooks:read'),
  request: { params: idParam('evt') },
  responses: { 200: success(eventSchema, 'The event'), ...failures },
})

/** Events over HTTP. */
export function eventRoutes(): OpenAPIHono<ApiEnvironment> {
  return createRoutes()
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const { limit, cursor, payment_id, ...filter } = c.req.valid('query')
      const found = await listEvents(context, {
        ...caller,
        filter: { ...filter, subject_id: payment_id },
        limit,
        before: readCursor('evt', cursor),
      })
      return c.json(pageOf('evt', found.events, found.hasMore, presentEvent), 200)
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(presentEvent(await findEvent(context, { ...caller, ...c.req.valid('param') }))), 200)
    })
}

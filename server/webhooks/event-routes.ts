import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { createRoutes, failures, idParam, idSchema, needs, page, pageParams, success, timeSchema } from '../api.ts'
import type { ApiEnvironment } from '../api.ts'
import { pageOf, readCursor, succeeded } from '../answer.ts'
import { findDelivery, listDeliveries } from './delivery.ts'
import { findEvent, listEvents, redeliverEvent } from './event.ts'
import { eventTypes } from './event-type.ts'
import { attemptSchema, deliverySchema, eventSchema, presentAttempt, presentDelivery, presentEvent } from './present.ts'

const tags = ['Events']

const listOfEvents = createRoute({
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

const oneEvent = createRoute({
  method: 'get',
  path: '/events/{id}',
  tags: tags,
  summary: 'One event, as it is posted',
  middleware: needs('webhooks:read'),
  request: { params: idParam('evt') },
  responses: { 200: success(eventSchema, 'The event'), ...failures },
})

const redeliver = createRoute({
  method: 'post',
  path: '/events/{id}/redeliver',
  tags: tags,
  summary: 'Send an event again',
  description:
    'To the endpoint named, or to every enabled one that asks for its type, also where it was delivered before.',
  middleware: needs('webhooks:write'),
  request: {
    params: idParam('evt'),
    body: {
      required: false,
      content: {
        'application/json': {
          schema: z.strictObject({ endpoint_id: idSchema('whe').optional() }).openapi('Redelivery'),
        },
      },
    },
  },
  responses: { 200: success(z.array(deliverySchema), 'The deliveries, due now'), ...failures },
})

const listOfDeliveries = createRoute({
  method: 'get',
  path: '/deliveries',
  tags: tags,
  summary: 'List deliveries: which event went to which endpoint, and how it went',
  middleware: needs('webhooks:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      event_id: idSchema('evt').optional(),
      endpoint_id: idSchema('whe').optional(),
      payment_id: idSchema('pay').optional(),
      status: z.enum(['pending', 'succeeded', 'failed']).optional(),
    }),
  },
  responses: { 200: page(deliverySchema, 'A page of deliveries'), ...failures },
})

const deliveryWithHistory = deliverySchema.extend({ history: z.array(attemptSchema) }).openapi('DeliveryWithHistory')

const oneDelivery = createRoute({
  method: 'get',
  path: '/deliveries/{id}',
  tags: tags,
  summary: 'One delivery, with every attempt and what was answered',
  middleware: needs('webhooks:read'),
  request: { params: idParam('dlv') },
  responses: { 200: success(deliveryWithHistory, 'The delivery'), ...failures },
})

/** Events and deliveries over HTTP. */
export function eventRoutes(): OpenAPIHono<ApiEnvironment> {
  return createRoutes()
    .openapi(listOfEvents, async (c) => {
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
    .openapi(oneEvent, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(presentEvent(await findEvent(context, { ...caller, ...c.req.valid('param') }))), 200)
    })
    .openapi(redeliver, async (c) => {
      const { context, caller } = c.var
      const { endpoint_id } = c.req.valid('json')
      const deliveries = await redeliverEvent(context, { ...caller, ...c.req.valid('param') }, endpoint_id)
      return c.json(succeeded(deliveries.map(presentDelivery)), 200)
    })
    .openapi(listOfDeliveries, async (c) => {
      const { context, caller } = c.var
      const { limit, cursor, payment_id, ...filter } = c.req.valid('query')
      const found = await listDeliveries(context, {
        ...caller,
        filter: { ...filter, subject_id: payment_id },
        limit,
        before: readCursor('dlv', cursor),
      })
      return c.json(pageOf('dlv', found.deliveries, found.hasMore, presentDelivery), 200)
    })
    .openapi(oneDelivery, async (c) => {
      const { context, caller } = c.var
      const { delivery, attempts } = await findDelivery(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded({ ...presentDelivery(delivery), history: attempts.map(presentAttempt) }), 200)
    })
}

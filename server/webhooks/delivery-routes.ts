import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { idParam, idSchema, optional, optionalBody } from '../api/schema.ts'
import { findDelivery, listDeliveries } from './delivery.ts'
import { attemptSchema, deliverySchema, presentAttempt, presentDelivery } from './present.ts'
import { redeliverEvent } from './redeliver.ts'

const tags = ['Events']

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
    body: optionalBody(z.strictObject({ endpoint_id: optional(idSchema('whe')) }).openapi('Redelivery')),
  },
  responses: { 200: success(z.array(deliverySchema), 'The deliveries, due now'), ...failures },
})

const list = createRoute({
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

const one = createRoute({
  method: 'get',
  path: '/deliveries/{id}',
  tags: tags,
  summary: 'One delivery, with every attempt and what was answered',
  middleware: needs('webhooks:read'),
  request: { params: idParam('dlv') },
  responses: { 200: success(deliveryWithHistory, 'The delivery'), ...failures },
})

/** Deliveries over HTTP. */
export function deliveryRoutes(): OpenAPIHono<ApiEnvironment> {
  return createRoutes()
    .openapi(redeliver, async (c) => {
      const { context, caller } = c.var
      const { endpoint_id } = c.req.valid('json')
      const deliveries = await redeliverEvent(context, { ...caller, ...c.req.valid('param') }, endpoint_id)
      return c.json(succeeded(deliveries.map(presentDelivery)), 200)
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const { payment_id: subject_id, ...query } = c.req.valid('query')
      const found = await listDeliveries(context, { ...caller, ...readListing('dlv', { ...query, subject_id }) })
      return c.json(pageOf('dlv', found, presentDelivery), 200)
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      const { delivery, attempts } = await findDelivery(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded({ ...presentDelivery(delivery), history: attempts.map(presentAttempt) }), 200)
    })
}

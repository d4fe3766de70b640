import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { body, idParam, idSchema, optional, optionalBody, withDefault } from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { eventPatterns } from '../events/event-pattern.ts'
import type { EventPattern } from '../events/event-pattern.ts'
import { showId } from '../id.ts'
import { findDelivery, listDeliveries } from './delivery.ts'
import { attemptSchema, deliverySchema, presentAttempt, presentDelivery } from './present.ts'
import { redeliverDeliveries, redeliverDelivery } from './redeliver-deliveries.ts'
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

const type = z.enum(eventPatterns as [EventPattern, ...EventPattern[]]).openapi({ example: 'payment.*' })
const status = z.enum(['pending', 'succeeded', 'failed'])

const list = createRoute({
  method: 'get',
  path: '/deliveries',
  tags: tags,
  summary: 'List deliveries: which event went to which endpoint, and how it went',
  description: 'The newest event first. since and until speak of when the event happened.',
  middleware: needs('webhooks:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      event_id: idSchema('evt').optional(),
      endpoint_id: idSchema('whe').optional(),
      payment_id: idSchema('pay').optional(),
      type: type.optional(),
      status: status.optional(),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
    }),
  },
  responses: { 200: page(deliverySchema, 'A page of deliveries'), ...failures },
})

const logs = createRoute({
  ...list,
  path: '/webhooks/logs',
  summary: 'List deliveries, under another name',
  description: 'The same as GET /v1/deliveries.',
})

const deliveryWithHistory = deliverySchema.extend({ history: z.array(attemptSchema) }).openapi('DeliveryWithHistory')

const one = createRoute({
  method: 'get',
  path: '/deliveries/{id}',
  tags: tags,
  summary: 'One delivery, with every attempt and what was answered',
  description: 'Each attempt with its time, its status, how long it took and the beginning of the answer.',
  middleware: needs('webhooks:read'),
  request: { params: idParam('dlv') },
  responses: { 200: success(deliveryWithHistory, 'The delivery'), ...failures },
})

const redeliverOne = createRoute({
  method: 'post',
  path: '/deliveries/{id}/redeliver',
  tags: tags,
  summary: 'Send a delivery again',
  description: 'To the endpoint that it was for, whatever became of it before.',
  middleware: needs('webhooks:write'),
  request: { params: idParam('dlv') },
  responses: { 200: success(deliverySchema, 'The delivery, due now'), ...failures },
})

const redelivered = z
  .object({
    redelivered: z.int().openapi({ example: 42, description: 'How many are due now' }),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .openapi('Redelivered')

const redeliverMany = createRoute({
  method: 'post',
  path: '/deliveries/redeliver',
  operationId: 'deliveriesRedeliverMany',
  tags: tags,
  summary: 'Send many deliveries again: all that failed, or those of a time',
  description:
    'All deliveries that the fields take, as those of GET /v1/deliveries do: `{"status": "failed"}` for all that failed, `since` and `until` for a time window, whatever became of them. With `missed`, also what an endpoint asked for but was never sent, since it was disabled, or made later. Name a status, a time, an event or a payment. The longest ago goes first, up to 10,000 in one call; while has_more is true, call again with `cursor`. Endpoints that are disabled are sent nothing.',
  middleware: needs('webhooks:write'),
  request: {
    body: body(
      z
        .strictObject({
          event_id: optional(idSchema('evt')),
          endpoint_id: optional(idSchema('whe')),
          payment_id: optional(idSchema('pay')),
          type: optional(type),
          status: optional(status),
          since: optional(sinceSchema),
          until: optional(untilSchema),
          missed: withDefault(z.boolean(), false),
          cursor: optional(z.string().max(100)),
        })
        .refine(
          ({ status, since, event_id, payment_id }) => status ?? since ?? event_id ?? payment_id,
          'Say which deliveries: name a status, a time by since, an event_id or a payment_id',
        )
        .refine(({ missed, status, since }) => !missed || (since && !status), {
          message: 'What was missed has no status yet: name a time by since, and no status',
          path: ['missed'],
        })
        .openapi('RedeliveryOfMany'),
    ),
  },
  responses: { 200: success(redelivered, 'How many are due now'), ...failures },
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
    .openapi(list, async (c) => c.json(await pageOfDeliveries(c.var, c.req.valid('query')), 200))
    .openapi(logs, async (c) => c.json(await pageOfDeliveries(c.var, c.req.valid('query')), 200))
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      const { delivery, attempts } = await findDelivery(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded({ ...presentDelivery(delivery), history: attempts.map(presentAttempt) }), 200)
    })
    .openapi(redeliverOne, async (c) => {
      const { context, caller } = c.var
      const due = await redeliverDelivery(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentDelivery(due)), 200)
    })
    .openapi(redeliverMany, async (c) => {
      const { context, caller } = c.var
      const { payment_id: subject_id, missed, cursor, ...given } = c.req.valid('json')
      const { filter, before: after } = readListing('dlv', { limit: 0, cursor, subject_id, ...given })
      const { count, hasMore, last } = await redeliverDeliveries(context, caller, { filter, missed, after })
      const next_cursor = hasMore && last ? showId('dlv', last) : null
      return c.json(succeeded({ redelivered: count, has_more: hasMore, next_cursor }), 200)
    })
}

type Query = z.infer<typeof list.request.query>

async function pageOfDeliveries({ context, caller }: ApiEnvironment['Variables'], { payment_id, ...query }: Query) {
  const listing = readListing('dlv', { ...query, subject_id: payment_id })
  return pageOf('dlv', await listDeliveries(context, { ...caller, ...listing }), presentDelivery)
}

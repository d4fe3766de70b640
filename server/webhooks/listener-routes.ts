import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { body, idParam, idSchema, optional, textSchema } from '../api/schema.ts'
import { showId } from '../id.ts'
import { endpointWithSecretSchema, events, presentWithSecret } from './endpoint-schema.ts'
import { fetchWaiting } from './fetch-waiting.ts'
import type { WaitingDelivery } from './fetch-waiting.ts'
import { deliverySchema, presentDelivery } from './present.ts'
import { recordReported } from './record-reported.ts'
import { setListener } from './set-listener.ts'

const tags = ['Webhook listeners']

const listenerSchema = endpointWithSecretSchema
  .extend({
    waiting: z.int().openapi({ example: 3, description: 'How many deliveries wait for it' }),
    is_new: z.boolean().openapi({ description: 'Made by this call: it is told what happens from now on' }),
  })
  .openapi('WebhookListener')

const set = createRoute({
  method: 'put',
  path: '/webhook-listeners',
  tags: tags,
  summary: 'Begin to listen: an endpoint that fetches instead of being posted to',
  description:
    'For the machine of a developer, which the Internet does not reach. The listener of this machine and url is made, or found again with all that waited for it since. It is a webhook endpoint as any other, so that a redelivery reaches it too; Lango itself never calls its url. All listeners of a machine have one webhook_secret, shown each time. One of which nothing was heard for 30 days is disabled; when it comes back, it is told what it has missed.',
  middleware: needs('webhooks:write'),
  request: {
    body: body(
      z
        .strictObject({
          url: z.string().min(1).max(2_000).openapi({ example: 'http://localhost:3000/hook' }),
          machine: textSchema(100).openapi({ example: 'laptop-of-amina' }),
          events: optional(events),
        })
        .openapi('WebhookListenerRequest'),
    ),
  },
  responses: { 200: success(listenerSchema, 'The listener, with its secret'), ...failures },
})

const waitingSchema = z
  .object({
    id: z.string().openapi({ example: 'dlv_0193a6c177b27d0e8f21c4d5e6f70812' }),
    event_id: z.string().openapi({ example: 'evt_0193a6c177b27d0e8f21c4d5e6f70812' }),
    event_type: z.string().openapi({ example: 'payment.completed' }),
    created_at: z.string().openapi({ format: 'date-time', example: '2026-03-01T10:00:05.000Z' }),
    attempt: z.int().openapi({ example: 1 }),
    headers: z.record(z.string(), z.string()).openapi({ description: 'As it would be posted now, signed.' }),
    body: z.string().openapi({ description: 'To be posted byte for byte.' }),
  })
  .openapi('WaitingDelivery')

const fetchNext = createRoute({
  method: 'get',
  path: '/webhook-listeners/{id}/deliveries',
  tags: tags,
  summary: 'Fetch what waits for a listener, the longest ago first',
  description:
    'When nothing waits, the answer does, for `wait_seconds` at most. Nothing is changed by it: a delivery is fetched again until an attempt at it is reported. `except` leaves out those that are to be tried later.',
  middleware: needs('webhooks:write'),
  request: {
    params: idParam('whe'),
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(100).default(10),
      wait_seconds: z.coerce.number().int().min(0).max(25).default(0),
      except: z
        .string()
        .transform((text) => text.split(','))
        .pipe(z.array(idSchema('dlv')).max(100))
        .optional()
        .openapi({ type: 'string', example: 'dlv_0193a6c177b27d0e8f21c4d5e6f70812' }),
    }),
  },
  responses: { 200: success(z.array(waitingSchema), 'What waits'), ...failures },
})

const report = createRoute({
  method: 'post',
  path: '/webhook-listeners/{id}/attempts',
  tags: tags,
  summary: 'Report how an attempt at a delivery went',
  description:
    'Any 2xx is a success. After anything else the delivery waits on, up to the tenth attempt. The same report again changes nothing.',
  middleware: needs('webhooks:write'),
  request: {
    params: idParam('whe'),
    body: body(
      z
        .strictObject({
          delivery_id: idSchema('dlv'),
          attempt: z.int().min(1).max(1_000_000),
          status: z.int().min(100).max(599).nullable(),
          error: optional(textSchema(1_000)),
          response: optional(z.string().max(1_000)),
          duration_ms: z.int().min(0).max(3_600_000),
        })
        .openapi('ListenedAttempt'),
    ),
  },
  responses: { 200: success(deliverySchema, 'The delivery'), ...failures },
})

/** Webhook listeners over HTTP. */
export function listenerRoutes(): OpenAPIHono<ApiEnvironment> {
  return createRoutes()
    .openapi(set, async (c) => {
      const { context, caller } = c.var
      const { events = null, ...given } = c.req.valid('json')
      const { waiting, isNew, ...made } = await setListener(context, { ...caller, ...given, events })
      const shown = presentWithSecret(context.config.secretKeys, made)
      return c.json(succeeded({ ...shown, waiting, is_new: isNew }), 200)
    })
    .openapi(fetchNext, async (c) => {
      const { context, caller } = c.var
      const { limit, wait_seconds, except = [] } = c.req.valid('query')
      const wish = { limit, except, waitMs: wait_seconds * 1000, gone: c.req.raw.signal }
      const found = await fetchWaiting(context, { ...caller, ...c.req.valid('param') }, wish)
      return c.json(succeeded(found.map(presentWaiting)), 200)
    })
    .openapi(report, async (c) => {
      const { context, caller } = c.var
      const { error = null, response = null, ...given } = c.req.valid('json')
      const told = { ...given, error, response: response?.replaceAll('\0', '') ?? null }
      const delivery = await recordReported(context, { ...caller, ...c.req.valid('param') }, told)
      return c.json(succeeded(presentDelivery(delivery)), 200)
    })
}

function presentWaiting(waiting: WaitingDelivery): z.infer<typeof waitingSchema> {
  const { id, event_id, created_at, ...rest } = waiting
  return { ...rest, id: showId('dlv', id), event_id: showId('evt', event_id), created_at: created_at.toISOString() }
}

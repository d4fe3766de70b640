import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { body, idParam, optional } from '../api/schema.ts'
import { showId } from '../id.ts'
import { createEndpoint } from './create-endpoint.ts'
import { findEndpoint, listEndpoints } from './endpoint.ts'
import {
  changedHeaders,
  description,
  endpointSchema as endpoint,
  endpointWithSecretSchema as endpointWithSecret,
  events,
  headers,
  presentEndpoint,
  presentWithSecret,
  url,
} from './endpoint-schema.ts'
import { rotateSecret } from './rotate-secret.ts'
import { setEndpoint } from './set-endpoint.ts'
import { tryEndpoint } from './try-endpoint.ts'
import { deleteEndpoint, updateEndpoint } from './update-endpoint.ts'

const tags = ['Webhook endpoints']

const newEndpoint = z
  .strictObject({
    url,
    events: optional(events),
    headers: optional(headers),
    description: optional(description),
  })
  .openapi('WebhookEndpointRequest')

const create = createRoute({
  method: 'post',
  path: '/webhook-endpoints',
  tags: tags,
  summary: 'Name an address to be told of events',
  description:
    'In the mode of the API key: a live key makes an endpoint for live payments, a test key one for those of simulator and sandbox. Without events it is told of all, those that come to be known later included. The webhook_secret is shown this once.',
  middleware: needs('webhooks:write'),
  request: {
    body: body(newEndpoint),
  },
  responses: { 201: success(endpointWithSecret, 'The endpoint, with its secret'), ...failures },
})

const list = createRoute({
  method: 'get',
  path: '/webhook-endpoints',
  tags: tags,
  summary: 'List webhook endpoints, newest first',
  description: 'Those of the mode of the key, test or live, without secrets and with own headers masked.',
  middleware: needs('webhooks:read'),
  request: { query: z.strictObject(pageParams) },
  responses: { 200: page(endpoint, 'A page of endpoints'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/webhook-endpoints/{id}',
  tags: tags,
  summary: 'One webhook endpoint',
  description: 'With its status, and why it was disabled if it is.',
  middleware: needs('webhooks:read'),
  request: { params: idParam('whe') },
  responses: { 200: success(endpoint, 'The endpoint'), ...failures },
})

const update = createRoute({
  method: 'patch',
  path: '/webhook-endpoints/{id}',
  tags: tags,
  summary: 'Change a webhook endpoint',
  description:
    'What is left out stays. `events: null` asks for all, `headers: null` takes all of them away; `status: "enabled"` brings a disabled endpoint back, or one that is left alone for having failed.',
  middleware: needs('webhooks:write'),
  request: {
    params: idParam('whe'),
    body: body(
      z
        .strictObject({
          url: optional(url),
          events: events.nullable().optional(),
          headers: changedHeaders.nullable().optional(),
          description: description.nullable().optional(),
          status: optional(z.enum(['enabled', 'disabled'])),
        })
        .openapi('WebhookEndpointChange'),
    ),
  },
  responses: { 200: success(endpoint, 'The endpoint as it now is'), ...failures },
})

const remove = createRoute({
  method: 'delete',
  path: '/webhook-endpoints/{id}',
  tags: tags,
  summary: 'Delete a webhook endpoint',
  description: 'It is told nothing more. What it was told stays on record.',
  middleware: needs('webhooks:write'),
  request: { params: idParam('whe') },
  responses: { 200: success(z.object({ id: z.string(), deleted: z.literal(true) }), 'It is deleted'), ...failures },
})

const rotate = createRoute({
  method: 'post',
  path: '/webhook-endpoints/{id}/rotate-secret',
  tags: tags,
  summary: 'Give a webhook endpoint a new secret',
  description: 'For 24 hours the old secret signs beside the new one. The new one is shown this once.',
  middleware: needs('webhooks:write'),
  request: { params: idParam('whe') },
  responses: { 200: success(endpointWithSecret, 'The endpoint, with its new secret'), ...failures },
})

const testResult = z
  .object({
    delivered: z.boolean(),
    status: z.int().nullable().openapi({ example: 200 }),
    error: z.string().nullable(),
    response: z.string().nullable(),
    duration_ms: z.int(),
  })
  .openapi('WebhookTest')

const test = createRoute({
  method: 'post',
  path: '/webhook-endpoints/{id}/test',
  tags: tags,
  summary: 'Send a test event now, and see how it goes',
  description:
    'Posts a signed webhook.test event, once, also to a disabled endpoint. One that takes it is no longer left alone for having failed.',
  middleware: needs('webhooks:write'),
  request: { params: idParam('whe') },
  responses: { 200: success(testResult, 'What the endpoint answered'), ...failures },
})

const set = createRoute({
  method: 'put',
  path: '/merchant/webhook',
  tags: tags,
  summary: 'Set where the merchant is told, without an id',
  description:
    'One endpoint in the mode of the API key, beside those made by POST /v1/webhook-endpoints. The first time it is made (201), after that it becomes what is sent: what is left out is as at first. Each time it is enabled and gets a new webhook_secret, shown this once; the one before signs too for 24 hours.',
  middleware: needs('webhooks:write'),
  request: { body: body(newEndpoint) },
  responses: {
    200: success(endpointWithSecret, 'The endpoint as it now is, with its new secret'),
    201: success(endpointWithSecret, 'The endpoint, with its secret'),
    ...failures,
  },
})

/** Webhook endpoints over HTTP. */
export function endpointRoutes(): OpenAPIHono<ApiEnvironment> {
  return createRoutes()
    .openapi(create, async (c) => {
      const { context, caller } = c.var
      const made = await createEndpoint(context, { ...caller, ...c.req.valid('json') })
      return c.json(succeeded(presentWithSecret(context.config.secretKeys, made)), 201)
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listEndpoints(context, { ...caller, ...readListing('whe', c.req.valid('query')) })
      return c.json(
        pageOf('whe', found, (row) => presentEndpoint(context.config.secretKeys, row)),
        200,
      )
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      const found = await findEndpoint(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentEndpoint(context.config.secretKeys, found)), 200)
    })
    .openapi(update, async (c) => {
      const { context, caller } = c.var
      const changed = await updateEndpoint(context, { ...caller, ...c.req.valid('param') }, c.req.valid('json'))
      return c.json(succeeded(presentEndpoint(context.config.secretKeys, changed)), 200)
    })
    .openapi(remove, async (c) => {
      const { context, caller } = c.var
      const { id } = c.req.valid('param')
      await deleteEndpoint(context, { ...caller, id })
      return c.json(succeeded({ id: showId('whe', id), deleted: true as const }), 200)
    })
    .openapi(rotate, async (c) => {
      const { context, caller } = c.var
      const rotated = await rotateSecret(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentWithSecret(context.config.secretKeys, rotated)), 200)
    })
    .openapi(test, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(await tryEndpoint(context, { ...caller, ...c.req.valid('param') })), 200)
    })
    .openapi(set, async (c) => {
      const { context, caller } = c.var
      const { isNew, ...endpoint } = await setEndpoint(context, { ...caller, ...c.req.valid('json') })
      return c.json(succeeded(presentWithSecret(context.config.secretKeys, endpoint)), isNew ? 201 : 200)
    })
}

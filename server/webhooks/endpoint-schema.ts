import { z } from '@hono/zod-openapi'
import { textSchema } from '../api/schema.ts'
import { eventPatterns } from '../events/event-pattern.ts'
import type { EventPattern } from '../events/event-pattern.ts'
import { showId } from '../id.ts'
import type { SecretKeys } from '../secret.ts'
import type { Endpoint, EndpointWithSecret } from './endpoint.ts'
import { complaintOfHeader, maskHeaders, openHeaders } from './headers.ts'
import { showTurn } from './present.ts'

const time = z.string().openapi({ format: 'date-time', example: '2026-03-01T10:00:05.000Z' })
const patterns = z.enum(
  eventPatterns as [EventPattern, ...EventPattern[]],
  `An event is one of: ${eventPatterns.join(', ')}`,
)

/** What a request says of an endpoint. */
export const url = z.string().min(1).max(2_000).openapi({ example: 'https://shop.example/lango' })
export const events = z
  .array(patterns)
  .min(1, 'Name an event, or leave the field out to be told of all')
  .transform((given) => [...new Set(given)])
  .openapi({
    example: ['payment.completed', 'refund.*'],
    description: 'Types, `noun.*` for all of a noun, or `*` for all; those that come to be known later are included.',
  })
export const description = textSchema(200).openapi({ example: 'The shop' })
export const headers = headersOf(z.string()).openapi({
  example: { Authorization: 'Bearer 6f1ed002ab55' },
  description: 'Sent with each event. Kept encrypted, and shown masked.',
})
export const changedHeaders = headersOf(z.string().nullable()).openapi({
  example: { Authorization: 'Bearer 6f1ed002ab55', 'X-Old': null },
  description: 'Those named change, `null` takes one away; the others stay.',
})

function headersOf<Value extends z.ZodType<string | null>>(value: Value) {
  return z.record(z.string(), value).superRefine((given, context) => {
    for (const [name, its] of Object.entries(given)) {
      const message = complaintOfHeader(name, its as string | null)
      if (message) context.addIssue({ code: 'custom', message, path: [name] })
    }
  })
}

/** An endpoint as the outside sees it. */
export const endpointSchema = z
  .object({
    id: z.string().openapi({ example: 'whe_0193a6c177b27d0e8f21c4d5e6f70812' }),
    mode: z.enum(['test', 'live']),
    url: z.string().openapi({ example: 'https://shop.example/lango' }),
    description: z.string().nullable(),
    events: z
      .array(patterns)
      .nullable()
      .openapi({ example: ['payment.completed', 'refund.*'] }),
    headers: z
      .record(z.string(), z.string())
      .openapi({ example: { Authorization: '****ab55' }, description: "The merchant's own, masked." }),
    status: z.enum(['enabled', 'disabled']),
    disabled_because: z.string().nullable(),
    failing_since: time.nullable(),
    paused_until: time
      .nullable()
      .openapi({ description: 'It failed five times in a row: until then it is left alone, and then tried again.' }),
    previous_secret_until: time.nullable(),
    machine: z.string().nullable().openapi({
      example: null,
      description: 'Of a listener: the machine on which it fetches what others are posted.',
    }),
    created_at: time,
    updated_at: time,
  })
  .openapi('WebhookEndpoint')

export const endpointWithSecretSchema = endpointSchema
  .extend({ webhook_secret: z.string().openapi({ example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazAmt5BlUXs=' }) })
  .openapi('WebhookEndpointWithSecret')

/** Shows an endpoint, its own headers masked. */
export function presentEndpoint(keys: SecretKeys, endpoint: Endpoint): z.infer<typeof endpointSchema> {
  const { id, mode, url, description, events, status, disabled_because } = endpoint
  return {
    id: showId('whe', id),
    mode,
    url,
    description,
    events,
    headers: maskHeaders(openHeaders(keys, { ...endpoint, endpoint_id: id })),
    status,
    disabled_because,
    failing_since: endpoint.failing_since?.toISOString() ?? null,
    paused_until: showTurn(endpoint.paused_until),
    previous_secret_until: endpoint.previous_secret_until?.toISOString() ?? null,
    machine: endpoint.machine,
    created_at: endpoint.created_at.toISOString(),
    updated_at: endpoint.updated_at.toISOString(),
  }
}

/** Shows an endpoint with its secret, this once. */
export function presentWithSecret(keys: SecretKeys, { endpoint, webhook_secret }: EndpointWithSecret) {
  return { ...presentEndpoint(keys, endpoint), webhook_secret }
}

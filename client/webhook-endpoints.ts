import type { Call } from './call.ts'
import type { EventPattern } from './event.ts'
import type { List, Paging } from './list.ts'

export type NewWebhookEndpoint = {
  url: string
  /** Which events to be told of, as `payment.completed` or `payment.*`; all by default. */
  events?: EventPattern[]
  /** Headers of your own that each event is sent with, such as `Authorization`. */
  headers?: Record<string, string>
  description?: string
}

export type WebhookEndpoint = {
  id: string
  mode: 'test' | 'live'
  url: string
  description: string | null
  events: EventPattern[] | null
  /** Your own, masked. */
  headers: Record<string, string>
  status: 'enabled' | 'disabled'
  disabled_because: string | null
  failing_since: string | null
  /** It failed five times in a row: until then it is left alone. */
  paused_until: string | null
  previous_secret_until: string | null
  /** Of a listener: the machine on which it fetches what others are posted. */
  machine: string | null
  created_at: string
  updated_at: string
}

/** With the secret for `verifyWebhook`, which is shown this once. */
export type WebhookEndpointWithSecret = WebhookEndpoint & { webhook_secret: string }

export type WebhookEndpointChange = {
  url?: string
  /** `null` asks for all. */
  events?: EventPattern[] | null
  /** Those named change, `null` takes one away, or all. */
  headers?: Record<string, string | null> | null
  description?: string | null
  status?: 'enabled' | 'disabled'
}

export type WebhookTest = {
  delivered: boolean
  status: number | null
  error: string | null
  response: string | null
  duration_ms: number
}

export type WebhookEndpoints = {
  create(endpoint: NewWebhookEndpoint): Promise<WebhookEndpointWithSecret>
  /** Makes or changes the one endpoint that needs no id, and gives it a new secret: for who has one address only. */
  set(endpoint: NewWebhookEndpoint): Promise<WebhookEndpointWithSecret>
  get(id: string): Promise<WebhookEndpoint>
  list(paging?: Paging): List<WebhookEndpoint>
  /** Changes what is given, and leaves the rest. */
  update(id: string, change: WebhookEndpointChange): Promise<WebhookEndpoint>
  delete(id: string): Promise<{ id: string; deleted: true }>
  /** Gives a new secret. For 24 hours the old one signs too, so that nothing is refused while you exchange it. */
  rotateSecret(id: string): Promise<WebhookEndpointWithSecret>
  /** Sends a signed `webhook.test` event now, once, and answers how it went. */
  test(id: string): Promise<WebhookTest>
}

export function webhookEndpoints(call: Call): WebhookEndpoints {
  const path = (id: string) => `/webhook-endpoints/${encodeURIComponent(id)}`
  return {
    create: (endpoint) => call.postOnce('/webhook-endpoints', endpoint),
    set: (endpoint) => call.putOnce('/merchant/webhook', endpoint),
    get: (id) => call.get(path(id)),
    list: (paging = {}) => call.list('/webhook-endpoints', paging),
    update: (id, change) => call.patch(path(id), change),
    delete: (id) => call.remove(path(id)),
    rotateSecret: (id) => call.postOnce(`${path(id)}/rotate-secret`),
    test: (id) => call.postOnce(`${path(id)}/test`),
  }
}

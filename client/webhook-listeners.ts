import type { Call } from './call.ts'
import type { EventPattern } from './event.ts'
import type { Delivery } from './events.ts'
import type { WebhookEndpointWithSecret } from './webhook-endpoints.ts'

export type NewWebhookListener = {
  /** Where you hand on what you fetch. Lango itself never calls it. */
  url: string
  /** Names this machine: its listener at this url is found again by it. */
  machine: string
  /** Which events to be told of, as `payment.completed` or `payment.*`; all by default. */
  events?: EventPattern[]
}

export type WebhookListener = WebhookEndpointWithSecret & {
  /** How many deliveries wait for it. */
  waiting: number
  is_new: boolean
}

/** A delivery that waits for a listener: post its body, byte for byte, with its headers, and report how that went. */
export type WaitingDelivery = {
  id: string
  event_id: string
  event_type: string
  /** When the event happened. */
  created_at: string
  /** The number of the attempt, the first being 1. */
  attempt: number
  /** Signed at the moment of fetching. */
  headers: Record<string, string>
  body: string
}

export type ListenedAttempt = {
  delivery_id: string
  attempt: number
  /** What was answered; null when nothing was. */
  status: number | null
  error?: string
  /** The beginning of the answer. */
  response?: string
  duration_ms: number
}

/** For a machine that the Internet does not reach: an endpoint that fetches its events instead of being posted to. */
export type WebhookListeners = {
  /** Makes the listener of a machine and url, or finds it again, with all that waited since. */
  set(listener: NewWebhookListener): Promise<WebhookListener>
  /** What waits, the longest ago first. When nothing does, the answer waits too, for `wait_seconds`, at most 25. */
  fetch(
    id: string,
    options?: { limit?: number; wait_seconds?: number; except?: readonly string[] },
  ): Promise<WaitingDelivery[]>
  /** Reports an attempt. Until one has succeeded, the delivery is fetched again. */
  report(id: string, attempt: ListenedAttempt): Promise<Delivery>
}

export function webhookListeners(call: Call): WebhookListeners {
  const path = (id: string) => `/webhook-listeners/${encodeURIComponent(id)}`
  return {
    set: (listener) => call.put('/webhook-listeners', listener),
    fetch: (id, { except = [], ...options } = {}) =>
      call.get(`${path(id)}/deliveries`, { ...options, except: except.length > 0 ? except.join() : undefined }),
    report: (id, attempt) => call.post(`${path(id)}/attempts`, attempt),
  }
}

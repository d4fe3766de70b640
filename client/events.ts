import type { Call } from './call.ts'
import type { EventPattern, EventType, LangoEvent } from './event.ts'
import type { List, Paging } from './list.ts'

export type EventFilter = Paging & {
  type?: EventType
  payment_id?: string
  since?: string | Date
  until?: string | Date
}

/** An event on its way to one endpoint. */
export type Delivery = {
  id: string
  event_id: string
  event_type: string
  endpoint_id: string
  status: 'pending' | 'succeeded' | 'failed'
  attempts: number
  next_attempt_at: string | null
  last_status: number | null
  last_error: string | null
  delivered_at: string | null
  created_at: string
}

export type DeliveryAttempt = {
  attempt: number
  at: string
  status: number | null
  error: string | null
  response: string | null
  duration_ms: number
}

export type DeliveryFilter = Paging & {
  event_id?: string
  endpoint_id?: string
  payment_id?: string
  /** As `payment.completed` or `payment.*`. */
  type?: EventPattern
  status?: Delivery['status']
  /** When the event happened. */
  since?: string | Date
  until?: string | Date
}

export type Redelivery = Omit<DeliveryFilter, 'limit'> & {
  /** Also what an endpoint asked for but was never sent, since it was disabled, or made later. */
  missed?: boolean
}

type Redelivered = { redelivered: number; has_more: boolean; next_cursor: string | null }

export type Events = {
  get(id: string): Promise<LangoEvent>
  list(filter?: EventFilter): List<LangoEvent>
  /** Sends an event again: to one endpoint, or to every enabled one that asks for its type. */
  redeliver(id: string, to?: { endpoint_id?: string }): Promise<Delivery[]>
}

export function events(call: Call): Events {
  return {
    get: (id) => call.get(`/events/${encodeURIComponent(id)}`),
    list: (filter = {}) => call.list('/events', filter),
    redeliver: (id, to = {}) => call.postOnce(`/events/${encodeURIComponent(id)}/redeliver`, to),
  }
}

export type Deliveries = {
  /** One delivery, with every attempt. */
  get(id: string): Promise<Delivery & { history: DeliveryAttempt[] }>
  list(filter?: DeliveryFilter): List<Delivery>
  /** Sends a delivery again, whatever became of it. */
  redeliver(id: string): Promise<Delivery>
  /** Sends again all that the filter takes, and answers how many: `{ status: 'failed' }`, or a time by `since` and `until`. */
  redeliverAll(filter: Redelivery): Promise<{ redelivered: number }>
}

export function deliveries(call: Call): Deliveries {
  return {
    get: (id) => call.get(`/deliveries/${encodeURIComponent(id)}`),
    list: (filter = {}) => call.list('/deliveries', filter),
    redeliver: (id) => call.postOnce(`/deliveries/${encodeURIComponent(id)}/redeliver`),
    async redeliverAll(filter) {
      let [redelivered, cursor]: [number, string | undefined] = [0, undefined]
      do {
        const part: Redelivered = await call.postOnce('/deliveries/redeliver', { ...filter, cursor })
        redelivered += part.redelivered
        cursor = part.next_cursor ?? undefined
      } while (cursor)
      return { redelivered }
    },
  }
}

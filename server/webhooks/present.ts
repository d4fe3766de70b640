import { z } from '@hono/zod-openapi'
import { showId } from '../id.ts'
import type { Delivery, RecordedAttempt } from './delivery.ts'

const time = z.string().openapi({ format: 'date-time', example: '2026-03-01T10:00:05.000Z' })
const idOf = (prefix: string) => z.string().openapi({ example: `${prefix}_0193a6c177b27d0e8f21c4d5e6f70812` })

/** A delivery as the outside sees it. */
export const deliverySchema = z
  .object({
    id: idOf('dlv'),
    event_id: idOf('evt'),
    event_type: z.string().openapi({ example: 'payment.completed' }),
    endpoint_id: idOf('whe'),
    status: z.enum(['pending', 'succeeded', 'failed']),
    attempts: z.int().openapi({ example: 1 }),
    next_attempt_at: time.nullable().openapi({ description: 'Null, too, while it waits for a listener to fetch it.' }),
    last_status: z.int().nullable().openapi({ example: 200 }),
    last_error: z.string().nullable(),
    delivered_at: time.nullable(),
    created_at: time,
  })
  .openapi('Delivery')

export function presentDelivery(delivery: Delivery): z.infer<typeof deliverySchema> {
  const { status, attempts, last_status, last_error, event_type } = delivery
  return {
    id: showId('dlv', delivery.id),
    event_id: showId('evt', delivery.event_id),
    event_type,
    endpoint_id: showId('whe', delivery.endpoint_id),
    status,
    attempts,
    next_attempt_at: showTurn(delivery.attempt_at),
    last_status,
    last_error,
    delivered_at: delivery.delivered_at?.toISOString() ?? null,
    created_at: delivery.created_at.toISOString(),
  }
}

/** Until when something is put off; null when it is not, or for ever, as what a listener fetches. */
export function showTurn(at: Date | null): string | null {
  // PostgreSQL's infinity is a number here.
  return at && Number.isFinite(at.valueOf()) ? at.toISOString() : null
}

/** An attempt as the outside sees it. */
export const attemptSchema = z
  .object({
    attempt: z.int().openapi({ example: 1 }),
    at: time,
    status: z.int().nullable().openapi({ example: 500 }),
    error: z.string().nullable().openapi({ example: 'The endpoint answered 500.' }),
    response: z.string().nullable(),
    duration_ms: z.int().openapi({ example: 84 }),
  })
  .openapi('DeliveryAttempt')

export function presentAttempt(attempt: RecordedAttempt): z.infer<typeof attemptSchema> {
  return { ...attempt, at: attempt.at.toISOString() }
}

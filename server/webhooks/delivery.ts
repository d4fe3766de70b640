import type { Context } from '../context.ts'
import { listRows, madeWithin } from '../api/list-rows.ts'
import type { Condition, Listing, Page } from '../api/list-rows.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Mode } from '../access/key.ts'
import { takes } from '../events/event-pattern.ts'
import type { EventPattern } from '../events/event-pattern.ts'
import { Problem } from '../problem.ts'

/** An event on its way to one endpoint, as the database holds it. */
export type Delivery = {
  merchant_id: string
  id: string
  event_id: string
  event_type: string
  endpoint_id: string
  subject_id: string
  status: 'pending' | 'succeeded' | 'failed'
  attempts: number
  attempt_at: Date | null
  last_status: number | null
  last_error: string | null
  delivered_at: Date | null
  created_at: Date
}

/** An attempt as it was recorded. */
export type RecordedAttempt = {
  attempt: number
  at: Date
  status: number | null
  error: string | null
  response: string | null
  duration_ms: number
}

/** What deliveries can be narrowed to: `type` may be a pattern, and the time is the event's. */
export type DeliveryFilter = {
  event_id?: string
  endpoint_id?: string
  subject_id?: string
  type?: EventPattern
  status?: Delivery['status']
  since?: Date
  until?: Date
}

/** One page of a merchant's deliveries, newest event first. */
export function listDeliveries(context: Context, listing: Listing<DeliveryFilter>): Promise<Page<Delivery>> {
  const { merchant_id, mode, filter } = listing
  const from = sql`(${visibleDeliveries(merchant_id, mode)}) d`
  return listRows<Delivery>(context, listing, { from, where: conditionsOf(filter) })
}

/** What the filter says of a delivery with its `event_type`. */
export function conditionsOf({
  event_id,
  endpoint_id,
  subject_id,
  type,
  status,
  ...within
}: DeliveryFilter): Condition[] {
  return [
    ...madeWithin(within),
    event_id && sql`event_id = ${event_id}`,
    endpoint_id && sql`endpoint_id = ${endpoint_id}`,
    subject_id && sql`subject_id = ${subject_id}`,
    type && takes(sql`array[${type}]::text[]`, sql`event_type`),
    status && sql`status = ${status}`,
  ]
}

/** One delivery with every attempt at it, in order. @throws a Problem when there is none of this merchant. */
export async function findDelivery(
  context: Context,
  { merchant_id, id, mode }: { merchant_id: string; id: string; mode: Mode },
): Promise<{ delivery: Delivery; attempts: RecordedAttempt[] }> {
  const delivery = await context.database.maybe<Delivery>(sql`${visibleDeliveries(merchant_id, mode)} and d.id = ${id}`)
  if (!delivery) return noDelivery()
  const attempts = await context.database.query<RecordedAttempt>(sql`
    select attempt, at, status, error, response, duration_ms from delivery_attempts
    where merchant_id = ${merchant_id} and delivery_id = ${id} order by attempt`)
  return { delivery, attempts }
}

/** @throws a Problem, always. */
export function noDelivery(): never {
  throw new Problem('not_found', 'There is no such delivery, or it is not yours.', 'id')
}

/** A merchant's deliveries with their `event_type`, as far as the mode may see them, in SQL. */
export function visibleDeliveries(merchantId: string, mode: Mode): Sql {
  return sql`
    select d.*, t.type as event_type
    from deliveries d
    join events t on t.merchant_id = d.merchant_id and t.id = d.event_id
    join webhook_endpoints w on w.merchant_id = d.merchant_id and w.id = d.endpoint_id
    where d.merchant_id = ${merchantId} and (w.mode = 'test' or ${mode} = 'live')`
}

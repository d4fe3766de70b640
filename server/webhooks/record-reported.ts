import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { noDelivery } from './delivery.ts'
import type { Delivery, RecordedAttempt } from './delivery.ts'
import type { EndpointName } from './endpoint.ts'
import { forEver } from './listener.ts'
import { isSuccess } from './post.ts'
import { nextAttemptAt } from './retry.ts'

/** How an attempt went that a listener made: what its address answered, or why there was no answer. */
export type Report = Omit<RecordedAttempt, 'at'> & { delivery_id: string }

/**
 * Records an attempt that a listener made. Until one succeeds the delivery waits on, for as many attempts as any delivery has; after
 * the last it has failed. The same report again changes nothing. @throws a Problem when the listener has no such delivery.
 */
export async function recordReported(
  context: Context,
  { merchant_id, id: endpoint_id, mode }: EndpointName,
  { delivery_id, attempt, status, error, response, duration_ms }: Report,
): Promise<Delivery> {
  const at = later(context.clock.now(), -duration_ms)
  const mayFollow = nextAttemptAt(attempt, at) !== undefined
  const result = isSuccess(status) ? 'succeeded' : mayFollow ? 'pending' : 'failed'
  const { count } = await context.database.one<{ count: number }>(sql`
    with known as (
      select d.merchant_id, d.id from deliveries d
      join webhook_endpoints w on w.merchant_id = d.merchant_id and w.id = d.endpoint_id and w.machine is not null
      where d.merchant_id = ${merchant_id} and d.id = ${delivery_id} and d.endpoint_id = ${endpoint_id}
        and (w.mode = 'test' or ${mode} = 'live')
    ),
    delivered as (
      update deliveries d set attempts = greatest(d.attempts, ${attempt}), status = ${result},
        attempt_at = case ${result} when 'pending' then ${forEver} end, last_status = ${status}, last_error = ${error},
        delivered_at = case ${result} when 'succeeded' then ${at}::timestamptz else d.delivered_at end
      from known k
      where d.merchant_id = k.merchant_id and d.id = k.id and d.status = 'pending' and d.attempts < ${attempt}
    ),
    kept as (
      insert into delivery_attempts ${columns<RecordedAttempt & { merchant_id: string; delivery_id: string }>({
        merchant_id: sql`k.merchant_id`,
        delivery_id: sql`k.id`,
        attempt: sql`${attempt}::int`,
        at: sql`${at}::timestamptz`,
        status: sql`${status}::int`,
        error: sql`${error}::text`,
        response: sql`${response}::text`,
        duration_ms: sql`${duration_ms}::int`,
      })}
      from known k
      on conflict do nothing
    )
    select count(*)::int as count from known`)
  if (count === 0) return noDelivery()
  return context.database.one<Delivery>(sql`
    select d.*, t.type as event_type from deliveries d
    join events t on t.merchant_id = d.merchant_id and t.id = d.event_id
    where d.merchant_id = ${merchant_id} and d.id = ${delivery_id}`)
}

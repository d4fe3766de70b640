import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { isSuspect } from './breaker.ts'
import type { Load } from './load.ts'

const atOnceMax = 5_000
/** Longer than the one attempt takes for which the others wait. */
const trialMs = 20_000
const waitMsMax = 300_000
/** A shorter wait is not worth a write. */
const waitMsMin = 2_000

/**
 * Puts off what is due at endpoints that cannot take it now, after what can be sent was claimed: at one that is left alone, at one
 * that is being tried, and at a slow one as many as it will not take soon. Else what waits for them would be looked at again and
 * again, before all that is due elsewhere. All events of one subject get the same turn: one whose earlier event was put off would
 * be such a hindrance itself.
 */
export async function putOff(context: Context, load: Load, since: Date): Promise<void> {
  const now = context.clock.now()
  const putting = sql.named`
    with held as (
      select w.merchant_id, w.id, w.paused_until, ${isSuspect} as is_suspect, s.every_ms
      from webhook_endpoints w
      left join ${rows(load.slow(), 's', { endpoint_id: 'uuid', every_ms: 'int' })} on s.endpoint_id = w.id
      where w.status = 'enabled' and w.deleted_at is null and (${isSuspect} or s.endpoint_id is not null)
    ),
    waiting as (
      select d.merchant_id, d.endpoint_id, d.subject_id, h.paused_until, h.is_suspect,
        h.every_ms * row_number() over (partition by d.merchant_id, d.endpoint_id order by d.attempt_at, d.id) as wait_ms
      from (
        select d.merchant_id, d.id, d.endpoint_id, d.subject_id, d.attempt_at from deliveries d
        where d.attempt_at between ${since} and ${now} and d.endpoint_id in (select id from held)
        order by d.attempt_at limit ${atOnceMax}
      ) d
      join held h on h.merchant_id = d.merchant_id and h.id = d.endpoint_id
    ),
    turns as (
      select merchant_id, endpoint_id, subject_id, max(case
          when paused_until > ${now} then paused_until
          when is_suspect then ${later(now, trialMs)}::timestamptz
          when wait_ms > ${waitMsMin} then ${now}::timestamptz + make_interval(secs => least(wait_ms, ${waitMsMax}) / 1000.0)
        end) as turn_at
      from waiting
      group by merchant_id, endpoint_id, subject_id
    )
    update deliveries d set attempt_at = t.turn_at from turns t
    where d.merchant_id = t.merchant_id and d.endpoint_id = t.endpoint_id and d.subject_id = t.subject_id
      and t.turn_at is not null
      -- Asked again: another node may have been faster.
      and d.attempt_at <= ${now}`
  await everywhere(context.database, putting)
}

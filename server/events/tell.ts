import { sql } from '../database/sql.ts'

/** A delivery's id follows from its event `t` and its endpoint `w`: the time of the one, the hash of both. */
export const deliveryId = sql`(left(replace(t.id::text, '-', ''), 12) || '7' || substr(md5(t.id::text || w.id::text), 1, 3)
  || '8' || substr(md5(t.id::text || w.id::text), 4, 15))::uuid`

/**
 * The insert of the deliveries of the events in `told`, to stand inside the statement that inserts those events: one for each
 * endpoint that asks for them, due at once.
 */
export const deliveriesOfTold = sql`
  insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, attempt_at, created_at)
  select t.merchant_id, ${deliveryId}, t.id, w.id, t.subject_id, t.created_at, t.created_at
  from told t
  join webhook_endpoints w on w.merchant_id = t.merchant_id and w.status = 'enabled' and w.deleted_at is null
    and w.mode = t.mode and (w.events is null or t.type = any (w.events))`

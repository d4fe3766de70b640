import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'

type NewDelivery = {
  merchant_id: string
  id: string
  event_id: string
  endpoint_id: string
  subject_id: string
  attempt_at: Date
  created_at: Date
}

/** The insert of deliveries of events `t` to endpoints `w`, made and due at a time: what both are stands behind it. */
export function deliveriesDue(madeAt: Sql, dueAt: Sql = madeAt): Sql {
  return sql`insert into deliveries ${columns<NewDelivery>({
    merchant_id: sql`t.merchant_id`,
    id: deliveryId,
    event_id: sql`t.id`,
    endpoint_id: sql`w.id`,
    subject_id: sql`t.subject_id`,
    attempt_at: dueAt,
    created_at: madeAt,
  })}`
}

/** A delivery's id follows from its event and its endpoint: the time of the one, the hash of both. */
export const deliveryId = sql`(left(replace(t.id::text, '-', ''), 12) || '7' || substr(md5(t.id::text || w.id::text), 1, 3)
  || '8' || substr(md5(t.id::text || w.id::text), 4, 15))::uuid`

import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Mode } from '../access/key.ts'
import { visibleDeliveries } from './delivery.ts'
import type { Delivery, RecordedAttempt } from './delivery.ts'

/** An attempt to tell of something, and of what. */
export type AttemptAt = RecordedAttempt & Pick<Delivery, 'event_type' | 'event_id'>

/** Every attempt to tell of one object, in order: the last hundred. */
export async function attemptsAtTelling(
  { database }: Context,
  { merchant_id, mode, subject_id }: { merchant_id: string; mode: Mode; subject_id: string },
): Promise<AttemptAt[]> {
  const attempts = await database.query<AttemptAt>(sql`
    select a.attempt, a.at, a.status, a.error, a.response, a.duration_ms, d.event_type, d.event_id
    from (${visibleDeliveries(merchant_id, mode)} and d.subject_id = ${subject_id}) d
    join delivery_attempts a on a.merchant_id = d.merchant_id and a.delivery_id = d.id
    order by a.at desc limit 100`)
  return attempts.toReversed()
}

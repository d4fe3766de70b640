import type { Mode } from '../access/key.ts'
import { columns } from '../database/columns.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { deliveriesDue } from './deliveries.ts'
import type { Event } from './event.ts'
import { takes } from './event-pattern.ts'
import { shownId, shownTime } from './shown.ts'

/** Something to tell. */
type News = {
  /** What it happened to: an event's type is this, and what happened. */
  noun: 'payment' | 'refund' | 'payout' | 'invoice' | 'receipt' | 'c2b' | 'reconciliation' | 'attention'
  /** What happened, in SQL: the status that was entered, where nothing else is said. */
  happened?: Sql
  /** The rows, in SQL: `s`, what it happened to, as it now is, and `f`, with its `event_id` and the time `at`. */
  from: Sql
  /** What the event says of each, as JSON in SQL. */
  data: Sql
}

/**
 * Tells of what a statement changes: the insert of events, and of a delivery of each to every endpoint that asks for it, due at
 * once, or when one that is left alone is tried again. Both stand among the parts of that statement. A body is made where the change
 * is made, stored once, and sent byte for byte.
 */
export function tell({ noun, happened = sql`s.status`, from, data }: News): Sql {
  const [told, toDeliver] = [raw(`${noun}_told`), raw(`${noun}_to_deliver`)]
  const type = sql`${raw(`'${noun}.'`)} || ${happened}`
  return sql`
    ${told} as (
      insert into events ${columns<Event & { mode: Mode }>({
        merchant_id: sql`s.merchant_id`,
        id: sql`f.event_id`,
        type,
        subject_id: sql`s.id`,
        version: sql`s.version`,
        mode: sql`case s.environment when 'live' then 'live' else 'test' end`,
        body: bodyOf(type, data),
        created_at: sql`f.at`,
      })}
      from ${from}
      on conflict do nothing
      returning merchant_id, id, type, subject_id, mode, created_at
    ),
    ${toDeliver} as (
      ${deliveriesDue(sql`t.created_at`, sql`greatest(t.created_at, w.paused_until)`)}
      from ${told} t
      join webhook_endpoints w on w.merchant_id = t.merchant_id and w.status = 'enabled' and w.deleted_at is null
        and w.mode = t.mode and ${takes(sql`w.events`, sql`t.type`)}
    )`
}

/** The envelope in which every event comes. */
function bodyOf(type: Sql, data: Sql): Sql {
  return sql`json_build_object(
    'id', ${shownId('evt', sql`f.event_id`)},
    'type', ${type},
    'created_at', ${shownTime(sql`f.at`)},
    'data', ${data})::text`
}

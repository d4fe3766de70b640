import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf, showId } from '../id.ts'
import { writeAudit } from '../merchants/audit.ts'
import type { Mode } from '../merchants/key.ts'
import { Problem } from '../problem.ts'
import type { Delivery } from './delivery.ts'
import { deliveryId } from './tell.ts'

/** Something that happened, with the body that tells of it. */
export type Event = {
  merchant_id: string
  id: string
  type: string
  subject_id: string
  version: number
  body: string
  created_at: Date
}

/** Which event, and of whom. A test key does not see live ones. */
export type EventName = { merchant_id: string; id: string; mode: Mode }

/** What a list of events can be narrowed to. */
export type EventFilter = { type?: string; subject_id?: string; since?: Date; until?: Date }

/** One event. @throws a Problem when there is none of this merchant. */
export async function findEvent(context: Context, { merchant_id, id, mode }: EventName): Promise<Event> {
  const event = await context.database.maybe<Event>(sql`
    select t.* from events t where t.merchant_id = ${merchant_id} and t.id = ${id} and ${isVisible(mode)}`)
  return event ?? notFound()
}

/** One page of a merchant's events, newest first; `before` is the last id of the page before it. */
export async function listEvents(
  context: Context,
  {
    merchant_id,
    mode,
    filter,
    limit,
    before,
  }: { merchant_id: string; mode: Mode; filter: EventFilter; limit: number; before?: string },
): Promise<{ events: Event[]; hasMore: boolean }> {
  const events = await context.database.query<Event>(sql`
    select t.* from events t
    where t.merchant_id = ${merchant_id} and ${isVisible(mode)}
      ${before ? sql`and t.id < ${before}` : sql``}
      ${filter.type ? sql`and t.type = ${filter.type}` : sql``}
      ${filter.subject_id ? sql`and t.subject_id = ${filter.subject_id}` : sql``}
      ${filter.since ? sql`and t.id >= ${firstIdOf(filter.since)}` : sql``}
      ${filter.until ? sql`and t.id < ${firstIdOf(filter.until)}` : sql``}
    order by t.id desc limit ${limit + 1}`)
  return { events: events.slice(0, limit), hasMore: events.length > limit }
}

/**
 * Sends an event again, also where it was delivered: to one endpoint, or to all that ask for its type, those made since included.
 * @throws a Problem when there is no such event, or nobody to tell.
 */
export async function redeliverEvent(context: Context, name: EventName, endpointId?: string): Promise<Delivery[]> {
  const { merchant_id, id, type } = await findEvent(context, name)
  const now = context.clock.now()
  const asks = endpointId ? sql`w.id = ${endpointId}` : sql`(w.events is null or t.type = any (w.events))`
  const deliveries = await context.database.transaction(async (transaction) => {
    const due = await transaction.query<Delivery>(sql`
      insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, attempt_at, created_at)
      select t.merchant_id, ${deliveryId}, t.id, w.id, t.subject_id, ${now}::timestamptz, ${now}::timestamptz
      from events t
      join webhook_endpoints w on w.merchant_id = t.merchant_id and w.status = 'enabled' and w.deleted_at is null
        and w.environment = t.mode and ${asks}
      where t.merchant_id = ${merchant_id} and t.id = ${id}
      on conflict (merchant_id, id) do update set status = 'pending', attempt_at = excluded.attempt_at
      returning *, ${type} as event_type`)
    if (due.length === 0) return nobodyAsks(type, endpointId)
    await writeAudit(transaction, context, { merchant_id, action: 'event.redelivered', subject: showId('evt', id) })
    return due
  })
  context.signals.wake('deliveries')
  return deliveries
}

function isVisible(mode: Mode): Sql {
  return mode === 'live' ? sql`true` : sql`t.mode = 'test'`
}

function notFound(): never {
  throw new Problem('not_found', 'There is no such event, or it is not yours.', 'id')
}

function nobodyAsks(type: string, endpointId: string | undefined): never {
  if (!endpointId)
    throw new Problem('conflict', `No enabled webhook endpoint asks for ${type}. Make one, or enable it.`)
  throw new Problem('not_found', 'There is no such webhook endpoint of this mode, or it is disabled.', 'endpoint_id')
}

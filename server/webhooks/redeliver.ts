import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { writeAudit } from '../access/audit.ts'
import { deliveriesDue } from '../events/deliveries.ts'
import { findEvent } from '../events/event.ts'
import { takes } from '../events/event-pattern.ts'
import type { EventName } from '../events/event.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import type { Delivery } from './delivery.ts'
import { dueAt } from './listener.ts'
import { tryAgain } from './redeliver-deliveries.ts'

/**
 * Sends an event again, also where it was delivered: to one endpoint, or to all that ask for its type, those made since included.
 * @throws a Problem when there is no such event, or nobody to tell.
 */
export async function redeliverEvent(context: Context, name: EventName, endpointId?: string): Promise<Delivery[]> {
  const { merchant_id, id, type } = await findEvent(context, name)
  const now = context.clock.now()
  const asks = endpointId ? sql`w.id = ${endpointId}` : takes(sql`w.events`, sql`t.type`)
  const deliveries = await context.database.transaction(async (transaction) => {
    const due = await transaction.query<Delivery>(sql`
      ${deliveriesDue(sql`${now}::timestamptz`, dueAt(sql`${now}::timestamptz`))}
      from events t
      join webhook_endpoints w on w.merchant_id = t.merchant_id and w.status = 'enabled' and w.deleted_at is null
        and w.mode = t.mode and ${asks}
      where t.merchant_id = ${merchant_id} and t.id = ${id}
      on conflict (merchant_id, id) do update set status = 'pending', attempt_at = excluded.attempt_at
      returning *, ${type} as event_type`)
    if (due.length === 0) return nobodyAsks(type, endpointId)
    await tryAgain(transaction, due)
    await writeAudit(transaction, context, { merchant_id, action: 'event.redelivered', subject: showId('evt', id) })
    return due
  })
  context.signals.wake('deliveries')
  return deliveries
}

function nobodyAsks(type: string, endpointId: string | undefined): never {
  if (!endpointId)
    throw new Problem('conflict', `No enabled webhook endpoint asks for ${type}. Make one, or enable it.`)
  throw new Problem('not_found', 'There is no such webhook endpoint of this mode, or it is disabled.', 'endpoint_id')
}

import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { isAsked } from '../api/list-rows.ts'
import type { Context } from '../context.ts'
import { join, sql } from '../database/sql.ts'
import type { Sql, Transaction } from '../database/sql.ts'
import { deliveriesDue, deliveryId } from '../events/deliveries.ts'
import { takes } from '../events/event-pattern.ts'
import { firstIdOf, showId, timeOf } from '../id.ts'
import { Problem } from '../problem.ts'
import { dueAt } from './listener.ts'
import { conditionsOf, noDelivery, visibleDeliveries } from './delivery.ts'
import type { Delivery, DeliveryFilter } from './delivery.ts'

/** Whose deliveries. A test key does not see those of live endpoints. */
type Owner = { merchant_id: string; mode: Mode }

/** Which deliveries are sent again: those of the filter after the id `after`, and, if asked for, those that were never made. */
export type Redelivery = { filter: DeliveryFilter; missed: boolean; after?: string }

/** How many are due again, and after which id to go on when there are more. */
export type Redelivered = { count: number; hasMore: boolean; last: string | undefined }

const atOnceMax = 10_000

/**
 * Sends a delivery again, also one that was delivered, and to an endpoint that is left alone for having failed.
 * @throws a Problem when there is none, or its endpoint is off.
 */
export async function redeliverDelivery(context: Context, { id, ...owner }: Owner & { id: string }): Promise<Delivery> {
  const delivery = await context.database.transaction(async (transaction) => {
    const found = await transaction.maybe<Delivery>(
      sql`${visibleDeliveries(owner.merchant_id, owner.mode)} and d.id = ${id}`,
    )
    if (!found) return noDelivery()
    const [due] = await makeDue(transaction, context, { owner, where: sql`d.id = ${id}` })
    if (!due) throw new Problem('conflict', 'The endpoint of this delivery is disabled or deleted. Enable it first.')
    await writeAudit(transaction, context, {
      merchant_id: owner.merchant_id,
      action: 'delivery.redelivered',
      subject: showId('dlv', id),
    })
    return { ...found, ...due }
  })
  context.signals.wake('deliveries')
  return delivery
}

/**
 * Sends again what the filter takes, the longest ago first, 10,000 in one call; and with `missed` also what endpoints asked for but
 * were never sent, since they were off, or made later. Endpoints that are off now are sent nothing.
 */
export async function redeliverDeliveries(
  context: Context,
  owner: Owner,
  { filter, missed, after }: Redelivery,
): Promise<Redelivered> {
  const redelivered = await context.database.transaction(async (transaction) => {
    const where = join([after && sql`d.id > ${after}`, ...conditionsOf(filter)].filter(isAsked), sql` and `)
    if (missed) {
      const never = missedOf(owner, filter, after)
      await makeMissed(transaction, context, { never, last: await lastOfTurn(transaction, { owner, where, never }) })
    }
    // What was just made is among it, in its place.
    const due = await makeDue(transaction, context, { owner, where })
    const { merchant_id } = owner
    const details = { ...filter, missed, count: due.length }
    await writeAudit(transaction, context, { merchant_id, action: 'deliveries.redelivered', details })
    return { count: due.length, hasMore: due.length === atOnceMax, last: due.at(-1)?.id }
  })
  context.signals.wake('deliveries')
  return redelivered
}

/** A merchant's deliveries to endpoints that are on, in SQL. */
function sendable({ merchant_id, mode }: Owner): Sql {
  return sql`${visibleDeliveries(merchant_id, mode)} and w.status = 'enabled' and w.deleted_at is null`
}

/** The last id of what one call takes, of what was made and what never was; undefined where it takes all. */
async function lastOfTurn(
  transaction: Transaction,
  { owner, where, never }: { owner: Owner; where: Sql; never: Sql },
): Promise<string | undefined> {
  const last = await transaction.maybe<{ id: string }>(sql`
    select id from (
      (select d.id from (${sendable(owner)}) d where ${where} order by d.id limit ${atOnceMax})
      union all (select ${deliveryId} as id ${never} order by 1 limit ${atOnceMax})
    ) both_of_them order by id offset ${atOnceMax - 1} limit 1`)
  return last?.id
}

/** Makes deliveries to endpoints that are on due now, in the order of their ids, and tries endpoints again that were left alone. */
async function makeDue(
  transaction: Transaction,
  context: Context,
  { owner, where }: { owner: Owner; where: Sql },
): Promise<Delivery[]> {
  const now = context.clock.now()
  const due = await transaction.query<Delivery>(sql`
    with chosen as (
      select d.merchant_id, d.id, d.endpoint_id, row_number() over (order by d.id) as place
      from (${sendable(owner)}) d
      where ${where}
      order by d.id limit ${atOnceMax}
    )
    update deliveries d set status = 'pending', attempt_at = ${dueAt(inOrder(now))}
    from chosen c
    join webhook_endpoints w on w.merchant_id = c.merchant_id and w.id = c.endpoint_id
    where d.merchant_id = c.merchant_id and d.id = c.id
    returning d.*`)
  await tryAgain(transaction, due)
  return due.sort((left, right) => (left.id < right.id ? -1 : 1))
}

/** Whoever sends something again by hand says that its endpoint is well: it is no longer left alone for having failed. */
export async function tryAgain(transaction: Transaction, due: Delivery[]): Promise<void> {
  const endpoints = [...new Set(due.map(({ endpoint_id }) => endpoint_id))]
  const merchants = [...new Set(due.map(({ merchant_id }) => merchant_id))]
  await transaction.query(sql`
    update webhook_endpoints set strikes = 0, paused_until = null
    where merchant_id = any (${merchants}::uuid[]) and id = any (${endpoints}::uuid[]) and strikes > 0`)
}

/** Due at one moment, and yet one after the other: by microseconds, none of them in the future. */
function inOrder(now: Date): Sql {
  return sql`${now}::timestamptz + (c.place - ${atOnceMax}) * interval '1 microsecond'`
}

/** Makes all deliveries that were never made, of events within the filter. */
export async function makeAllMissed(
  transaction: Transaction,
  context: Context,
  missed: { owner: Owner; filter: DeliveryFilter },
): Promise<void> {
  await makeMissed(transaction, context, { never: missedOf(missed.owner, missed.filter) })
}

/** The events `t` within the filter, and the endpoints `w` that ask for them, of deliveries that were never made: those after an id. */
function missedOf(owner: Owner, filter: DeliveryFilter, after?: string): Sql {
  const { event_id, endpoint_id, subject_id, type, since, until } = filter
  const conditions = [
    sql`t.merchant_id = ${owner.merchant_id}`,
    owner.mode === 'test' && sql`t.mode = 'test'`,
    since && sql`t.id >= ${firstIdOf(since)}`,
    until && sql`t.id < ${firstIdOf(until)}`,
    after && sql`t.id >= ${firstIdOf(timeOf(after))} and ${deliveryId} > ${after}`,
    event_id && sql`t.id = ${event_id}`,
    subject_id && sql`t.subject_id = ${subject_id}`,
    type && takes(sql`array[${type}]::text[]`, sql`t.type`),
    endpoint_id && sql`w.id = ${endpoint_id}`,
  ].filter(isAsked)
  return sql`
    from events t
    join webhook_endpoints w on w.merchant_id = t.merchant_id and w.mode = t.mode and w.status = 'enabled'
      and w.deleted_at is null and ${takes(sql`w.events`, sql`t.type`)}
    where ${join(conditions, sql` and `)}
      and not exists (select from deliveries d where d.merchant_id = t.merchant_id and d.id = ${deliveryId})`
}

/** Makes the deliveries that were never made, as far as the last of them. */
async function makeMissed(
  transaction: Transaction,
  context: Context,
  { never, last }: { never: Sql; last?: string | undefined },
): Promise<void> {
  const now = sql`${context.clock.now()}::timestamptz`
  await transaction.query(sql`
    ${deliveriesDue(now, dueAt(now))} ${never} and (${last === undefined} or ${deliveryId} <= ${last ?? null})
    order by t.id on conflict do nothing`)
}

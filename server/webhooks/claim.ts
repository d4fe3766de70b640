import type { Mode } from '../access/key.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { limitAtFirst } from './load.ts'
import type { Load } from './load.ts'
import type { SealedSecrets } from './secret.ts'

/** A delivery that this node holds for a minute: the event, and all that is needed to post it. */
export type ClaimedDelivery = SealedSecrets & {
  id: string
  status: 'pending' | 'failed'
  /** How many were made before. */
  attempts: number
  event_id: string
  type: string
  body: string
  url: string
  mode: Mode
}

/** Longer than any attempt takes. When a node dies, another sends again after it: at least once, never not at all. */
const leaseMs = 60_000

/** How many of the longest due are looked at for those that may be sent. */
const lookedAtMax = 256

const laneCount = 64

/** Part of the lanes, so that the nodes of an installation, which each take another part, seldom meet. */
export type Lanes = { first: number; count: number }
export const allLanes: Lanes = { first: 0, count: laneCount }

/** A quarter of the lanes, from a random one on. */
export function someLanes(): Lanes {
  return { first: Math.floor(Math.random() * laneCount), count: laneCount / 4 }
}

/**
 * Claims due deliveries for this node, as many as `load` has room for. Those of an endpoint that is off end as failed
 * instead, unsent, and are among the answer with that status.
 */
export function claimDeliveries(context: Context, load: Load, lanes: Lanes): Promise<ClaimedDelivery[]> {
  return context.database.query<ClaimedDelivery>(claim(context.clock.now(), load, lanes))
}

function claim(now: Date, load: Load, lanes: Lanes): Sql {
  const endpoints = load.endpoints()
  const full = endpoints.filter(({ free }) => free === 0).map(({ endpoint_id }) => endpoint_id)
  return sql`
    with looked_at as (
      select d.merchant_id, d.id, d.endpoint_id, d.attempt_at
      from deliveries d
      where d.attempt_at <= ${now} and (d.lane - ${lanes.first}::int + 64) % 64 < ${lanes.count}::int
        and d.endpoint_id <> all (${full}::uuid[]) and (d.attempts > 0 or not ${isAwaited})
      order by d.attempt_at limit ${lookedAtMax}
    ),
    in_line as (
      select l.*, row_number() over (partition by l.merchant_id, l.endpoint_id order by l.attempt_at, l.id) as place from looked_at l
    ),
    due as (
      select l.merchant_id, l.id
      from in_line l
      left join unnest(${endpoints.map((e) => e.endpoint_id)}::uuid[], ${endpoints.map((e) => e.free)}::int[]) as r (endpoint_id, free)
        on r.endpoint_id = l.endpoint_id
      where l.place <= coalesce(r.free, ${limitAtFirst})
      order by l.attempt_at, l.id limit ${load.room()}
    )
    update deliveries d set (attempt_at, status, last_error) = (
      select case when is_on then ${later(now, leaseMs)}::timestamptz end,
        case when is_on then d.status else 'failed' end,
        case when is_on then d.last_error else 'Not sent: the endpoint is ' || case when w.deleted_at is null then 'disabled.' else 'deleted.' end end
      from (select w.status = 'enabled' and w.deleted_at is null) as endpoint (is_on)
    )
    from due, events t, webhook_endpoints w
    where d.merchant_id = due.merchant_id and d.id = due.id
      and t.merchant_id = d.merchant_id and t.id = d.event_id
      and w.merchant_id = d.merchant_id and w.id = d.endpoint_id
      -- Asked again: another node may have been faster.
      and d.attempt_at <= ${now}
    returning d.merchant_id, d.id, d.status, d.attempts, d.event_id, d.endpoint_id, t.type, t.body, w.url, w.mode,
      w.secret, w.previous_secret, w.previous_secret_until`
}

/**
 * True while an earlier event of the same subject has not been told to the same endpoint for the first time. One that was, and is
 * in retry, holds back nothing. (`offset 0` keeps PostgreSQL from joining whole tables where few rows are asked.)
 */
const isAwaited = sql`exists (
  select from deliveries e
  join events earlier on earlier.merchant_id = e.merchant_id and earlier.id = e.event_id
  join events own on own.merchant_id = e.merchant_id and own.id = d.event_id
  where e.merchant_id = d.merchant_id and e.subject_id = d.subject_id and e.endpoint_id = d.endpoint_id and e.id <> d.id
    and e.status = 'pending' and e.attempts = 0 and earlier.version < own.version
  offset 0)`

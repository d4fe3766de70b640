import type { Mode } from '../access/key.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { isSuspect } from './breaker.ts'
import { limitAtFirst, limitOfMerchant } from './load.ts'
import type { Load } from './load.ts'
import type { SealedHeaders } from './headers.ts'
import type { SealedSecrets } from './secret.ts'

/** A delivery that this node holds for a minute: the event, and all that is needed to post it. */
export type ClaimedDelivery = SealedSecrets &
  SealedHeaders & {
    id: string
    status: 'pending' | 'failed'
    /** How many were made before. */
    attempts: number
    event_id: string
    type: string
    body: string
    url: string
    mode: Mode
    /** By this one an endpoint is tried that has failed often: what else it is to hear waits for how that goes. */
    is_trial: boolean
  }

/** From when on, and until when, what is claimed became due. */
type Span = { since: Date; now: Date }

/** What was claimed, and whether more is due that could not be taken yet. */
export type Claim = { claimed: ClaimedDelivery[]; isMore: boolean }

/** Longer than any attempt takes. When a node dies, another sends again after it: at least once, never not at all. */
const leaseMs = 60_000

/** How many of the longest due are looked at for those that may be sent, and among how many these are sought. */
const lookedAtMax = 256
const longestDueMax = 2_048

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
export async function claimDeliveries(
  context: Context,
  load: Load,
  { since, lanes }: { since: Date; lanes: Lanes },
): Promise<Claim> {
  const now = context.clock.now()
  const claimed: ClaimedDelivery[] = []
  let isMore = load.isFull()
  await context.database.eachPart(async (part) => {
    const left = lessRoom(load, claimed.filter(({ status }) => status === 'pending').length)
    if (left.room().inAll === 0) return (isMore = true)
    const rows = await part.query<ClaimedDelivery & { is_more: boolean }>(claim({ since, now }, left, lanes))
    isMore ||= rows[0]!.is_more
    // Where nothing was claimed, one row says so.
    return claimed.push(...rows.filter(({ id }) => id !== null))
  })
  return { claimed, isMore }
}

/** The same load, when so much of its room is taken by what is about to be sent. */
function lessRoom(load: Load, taken: number): Load {
  const { inAll, unproven } = load.room()
  return { ...load, room: () => ({ inAll: Math.max(0, inAll - taken), unproven: Math.max(0, unproven - taken) }) }
}

function claim({ since, now }: Span, load: Load, lanes: Lanes): Sql {
  return sql.named`
    with longest_due as (${longestDue({ since, now }, load, lanes)}),
    looked_at as (${lookedAt}),
    due as (${inTurn(load)}),
    claimed as (
      update deliveries d set
        attempt_at = case when due.is_on then ${later(now, leaseMs)}::timestamptz end,
        status = case when due.is_on then d.status else 'failed' end,
        last_error = case when due.is_on then d.last_error else 'Not sent: the endpoint is ' || due.state || '.' end
      from due
      where d.merchant_id = due.merchant_id and d.id = due.id
        -- Asked again: another node may have been faster.
        and d.attempt_at <= ${now}
      returning d.merchant_id, d.id, d.status, d.attempts, d.event_id, d.endpoint_id
    )
    select (select count(*) from longest_due) > (select count(*) from due) as is_more,
      c.*, t.type, t.body, w.url, w.mode, w.headers, w.secret, w.previous_secret, w.previous_secret_until, ${isSuspect} as is_trial
    from (select 1) one
    left join (claimed c
      join events t on t.merchant_id = c.merchant_id and t.id = c.event_id
      join webhook_endpoints w on w.merchant_id = c.merchant_id and w.id = c.endpoint_id) on true`
}

/**
 * The longest due, but for those of endpoints that can take nothing now. (Both are asked for apart: what is joined to every delivery
 * leads PostgreSQL away from the order in which they are due.)
 */
function longestDue({ since, now }: Span, load: Load, lanes: Lanes): Sql {
  const ids = (endpoints: { endpoint_id: string }[]) => sql`${endpoints.map(({ endpoint_id }) => endpoint_id)}::uuid[]`
  const endpoints = load.endpoints()
  const fullMerchants = load.merchants().filter(({ free }) => free === 0)
  const isTakenFrom =
    load.room().unproven === 0
      ? sql`false`
      : sql`d.merchant_id <> all (${fullMerchants.map((m) => m.merchant_id)}::uuid[])`
  return sql`
    select d.merchant_id, d.id, d.endpoint_id, d.subject_id, d.event_id, d.attempts, d.attempt_at from deliveries d
    where d.attempt_at between ${since} and ${now} and (d.lane - ${lanes.first}::int + 64) % 64 < ${lanes.count}::int
      and d.endpoint_id <> all (${ids(endpoints.filter(({ free }) => free === 0))})
      and (d.endpoint_id = any (${ids(endpoints.filter(({ is_quick }) => is_quick))}) or ${isTakenFrom})
      and d.endpoint_id <> all (array(
        select w.id from webhook_endpoints w
        where w.paused_until > ${now} or (${isSuspect} and w.id = any (${ids(endpoints.filter((e) => e.is_under_way))}))))
    order by d.attempt_at limit ${longestDueMax}`
}

/**
 * Of those looked at, as many of each endpoint as it has room for, and in all; of those that are not known to be quick also as many
 * of each merchant, and of all.
 */
function inTurn(load: Load): Sql {
  const { inAll, unproven } = load.room()
  return sql`
    select merchant_id, id, state = 'enabled' as is_on, state
    from (
      select l.*, coalesce(p.is_quick, false) as is_quick, coalesce(m.free, ${limitOfMerchant}) as free_of_merchant,
        row_number() over (partition by coalesce(p.is_quick, false), l.merchant_id order by l.attempt_at, l.id) as place_in_merchant,
        row_number() over (partition by coalesce(p.is_quick, false) order by l.attempt_at, l.id) as place_in_kind
      from (
        select l.*, ${isSuspect} as is_suspect, case when w.deleted_at is null then w.status else 'deleted' end as state,
          row_number() over (partition by l.merchant_id, l.endpoint_id order by l.attempt_at, l.id) as place
        from looked_at l
        join webhook_endpoints w on w.merchant_id = l.merchant_id and w.id = l.endpoint_id
      ) l
      left join ${rows(load.endpoints(), 'p', {
        endpoint_id: 'uuid',
        free: 'int',
        is_quick: 'boolean',
        is_under_way: 'boolean',
      })} on p.endpoint_id = l.endpoint_id
      left join ${rows(load.merchants(), 'm', { merchant_id: 'uuid', free: 'int' })} on m.merchant_id = l.merchant_id
      where l.place <= case when l.is_suspect then 1 else coalesce(p.free, ${limitAtFirst}) end
    ) l
    where is_quick or (place_in_merchant <= free_of_merchant and place_in_kind <= ${unproven})
    order by attempt_at, id limit ${inAll}`
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

/** Those of the longest due that need wait for none before them. */
const lookedAt = sql`
  select d.merchant_id, d.id, d.endpoint_id, d.attempt_at from longest_due d
  where d.attempts > 0 or not ${isAwaited}
  order by d.attempt_at limit ${lookedAtMax}`

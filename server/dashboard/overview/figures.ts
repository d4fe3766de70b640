import type { Mode } from '../../access/key.ts'
import type { Context } from '../../context.ts'
import { sql } from '../../database/sql.ts'
import type { Sql } from '../../database/sql.ts'
import { firstIdOf } from '../../id.ts'
import type { Period } from './period.ts'

/** What came in a time, in cents and in number, and what went back since of just that. */
export type Collected = { cents: number; count: number; returned_cents: number }

/** How the payments of a time that a phone was asked for went. */
export type Asked = {
  asked: number
  paid: number
  /** Still open: neither paid nor not. */
  waiting: number
  half_seconds: number | null
  most_seconds: number | null
}

/** What there is to say of a time, and of the one before it. */
export type Figures = {
  collected: Collected
  collectedBefore: Collected
  asked: Asked
  askedBefore: Asked
  /** What came at each place of the course, and at the same place of the time before. */
  course: { cents: number; beforeCents: number; count: number }[]
  /** Why payments were not paid, the commonest first. */
  failures: { code: string; count: number }[]
}

/** Whose figures, and of which money: what is real and what is not are never added up. */
type Whose = { merchant_id: string; mode: Mode }

/** Adds up a time. Money counts when Lango has learnt of it, once for each receipt. */
export async function findFigures(context: Context, whose: Whose, period: Period): Promise<Figures> {
  const { from, until, beforeFrom, beforeUntil } = period
  const { stepMs } = period
  const [course, before, gone, asked, askedBefore, failures] = await Promise.all([
    courseOf(context, whose, { from, until, stepMs }),
    courseOf(context, whose, { from: beforeFrom, until: wholeBefore(period), stepMs }),
    courseOf(context, whose, { from: beforeFrom, until: beforeUntil, stepMs }),
    askedOf(context, whose, { from, until }),
    askedOf(context, whose, { from: beforeFrom, until: beforeUntil }),
    failuresOf(context, whose, { from, until }),
  ])
  const places = Math.ceil((until.getTime() - from.getTime()) / stepMs)
  const [now, then] = [course, before].map((list) => new Map(list.map((place) => [place.place, place])))
  return {
    collected: sumOf(course),
    collectedBefore: sumOf(gone),
    asked,
    askedBefore,
    failures,
    course: Array.from({ length: places }, (_, place) => ({
      cents: now!.get(place)?.cents ?? 0,
      count: now!.get(place)?.count ?? 0,
      beforeCents: then!.get(place)?.cents ?? 0,
    })),
  }
}

// The whole of the time before is drawn, and only as much of it compared as has gone by of this one.
function wholeBefore({ beforeFrom, from, until }: Period): Date {
  return new Date(beforeFrom.getTime() + until.getTime() - from.getTime())
}

type Window = { from: Date; until: Date }
type Place = Collected & { place: number }

// An id begins with the time at which it was made: a time is a range of the index.
function within({ merchant_id, mode }: Whose, { from, until }: Window): Sql {
  const isOfMode = mode === 'live' ? sql`environment = 'live'` : sql`environment <> 'live'`
  return sql`merchant_id = ${merchant_id} and id >= ${firstIdOf(from)} and id < ${firstIdOf(until)} and ${isOfMode}`
}

function courseOf(
  { database }: Context,
  whose: Whose,
  { stepMs, ...window }: Window & { stepMs: number },
): Promise<Place[]> {
  return database.query<Place>(sql`
    select floor(extract(epoch from created_at - ${window.from}::timestamptz) / ${stepMs / 1000})::int as place,
      sum(amount_cents)::bigint as cents, count(*)::int as count, sum(reversed_cents)::bigint as returned_cents
    from money_in where ${within(whose, window)} group by 1`)
}

function sumOf(places: Place[]): Collected {
  const total = (key: keyof Collected) => places.reduce((sum, place) => sum + place[key], 0)
  return { cents: total('cents'), count: total('count'), returned_cents: total('returned_cents') }
}

function askedOf({ database }: Context, whose: Whose, window: Window): Promise<Asked> {
  return database.one<Asked>(sql`
    select count(*)::int as asked,
      count(*) filter (where status in ('completed', 'reversed'))::int as paid,
      count(*) filter (where status in ('created', 'pending'))::int as waiting,
      percentile_cont(0.5) within group (order by extract(epoch from completed_at - requested_at)) filter (where not late) as half_seconds,
      percentile_cont(0.95) within group (order by extract(epoch from completed_at - requested_at)) filter (where not late) as most_seconds
    from payments where ${within(whose, window)} and requested_at is not null`)
}

function failuresOf({ database }: Context, whose: Whose, window: Window): Promise<{ code: string; count: number }[]> {
  return database.query(sql`
    select failure_code as code, count(*)::int as count from payments
    where ${within(whose, window)} and status = 'failed' and requested_at is not null
    group by 1 order by 2 desc, 1`)
}

/** True when a business has nothing to show yet: no payment, and no money. */
export async function isNew({ database }: Context, { merchant_id }: Whose): Promise<boolean> {
  const found = await database.query(sql`
    (select 1 from payments where merchant_id = ${merchant_id} limit 1)
    union all (select 1 from money_in where merchant_id = ${merchant_id} limit 1)`)
  return found.length === 0
}

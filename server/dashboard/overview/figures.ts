import type { Mode } from '../../access/key.ts'
import type { Context } from '../../context.ts'
import { later } from '../../clock.ts'
import { boundsOf, dayOf, daysBetween } from '../../day.ts'
import { join, sql } from '../../database/sql.ts'
import type { Sql } from '../../database/sql.ts'
import { secondsTaken } from '../../days/outcome.ts'
import { findSummedUntil } from '../../days/summed-until.ts'
import { firstIdOf } from '../../id.ts'
import { ofWhose } from '../../notices/day.ts'
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
  /** What had come in the time before when as much of it had gone by. */
  before_cents: number
  asked: Asked
  askedBefore: Asked
  /** What came at each place of the course, and at the same place of the time before. */
  course: { cents: number; beforeCents: number; count: number }[]
  /** Why payments were not paid, the commonest first. */
  failures: { code: string; count: number }[]
}

/** Whose figures, and of which money: real money and test money are never added up. */
type Whose = { merchant_id: string; mode: Mode }

/** The time itself, or the one before it, which counts for the comparison as far as this one has gone by. */
type Which = 'now' | 'before'

/**
 * Adds up a time: days that are added up already by their sums, and what is left by its rows. Money counts when Lango has learnt of
 * it, once for each receipt.
 */
export async function findFigures(context: Context, whose: Whose, period: Period): Promise<Figures> {
  const spans = spansOf(period, await findSummedUntil(context, whose.merchant_id))
  const [came, went] = await Promise.all([findCame(context, whose, spans), findAsked(context, whose, spans)])
  const placeOf = (which: Which) =>
    new Map(came.filter((one) => one.which === which).map((one) => [one.place.getTime(), one]))
  const [now, before] = [placeOf('now'), placeOf('before')]
  const length = period.until.getTime() - period.from.getTime()
  const places = Array.from({ length: Math.ceil(length / period.stepMs) }, (_, index) => index * period.stepMs)
  return {
    collected: sumOf(came.filter(({ which }) => which === 'now')),
    before_cents: came.reduce((sum, { which, gone_cents }) => sum + (which === 'before' ? gone_cents : 0), 0),
    asked: askedOf(went.filter(({ which }) => which === 'now')),
    askedBefore: askedOf(went.filter(({ which, is_gone }) => which === 'before' && is_gone)),
    failures: failuresOf(went.filter(({ which }) => which === 'now')),
    course: places.map((offset) => {
      const one = now.get(period.from.getTime() + offset)
      return {
        cents: one?.cents ?? 0,
        count: one?.count ?? 0,
        beforeCents: before.get(period.beforeFrom.getTime() + offset)?.cents ?? 0,
      }
    }),
  }
}

/** A part of a time: whole days that are added up already, or none of which that is so. */
type Span = {
  which: Which
  from: Date
  until: Date
  firstDay: string
  lastDay: string
  isSummed: boolean
  /** Where the time begins of which it is a part, and how long the places of its course are. */
  begin: Date
  step: Sql
  /** Up to when the time before is compared. */
  beforeUntil: Date
}

/** Both times in parts. A day of which only a part is compared, or the hours are shown, is read by its rows. */
function spansOf(period: Period, summedUntil: string | null): Span[] {
  const { from, until, beforeFrom, beforeUntil } = period
  const step = sql`make_interval(secs => ${period.stepMs / 1000})`
  // The whole of the time before is drawn, and only as much of it compared as has gone by of this one.
  const times: [Which, Date, Date][] = [
    ['now', from, until],
    ['before', beforeFrom, later(beforeFrom, until.getTime() - from.getTime())],
  ]
  const spans: Span[] = []
  for (const [which, begin, end] of times) {
    for (const day of daysBetween(dayOf(begin), dayOf(later(end, -1)))) {
      const bounds = boundsOf(day)
      const isCut = which === 'before' && bounds.from < beforeUntil && beforeUntil < bounds.until
      const isSummed = period.days > 1 && summedUntil !== null && day <= summedUntil && !isCut
      const last = spans.at(-1)
      if (
        last?.which === which &&
        last.isSummed === isSummed &&
        (!isSummed || last.until <= beforeUntil === bounds.until <= beforeUntil)
      )
        Object.assign(last, { until: bounds.until, lastDay: day })
      else spans.push({ which, ...bounds, firstDay: day, lastDay: day, isSummed, begin, step, beforeUntil })
    }
  }
  return spans
}

type Came = Collected & { which: Which; place: Date; gone_cents: number }

/** What came at each place of both times. */
function findCame({ database }: Context, whose: Whose, spans: Span[]): Promise<Came[]> {
  const parts = spans.map((span) => (span.isSummed ? cameByDays(whose, span) : cameByRows(whose, span)))
  return database.query<Came>(sql`
    select which, place, sum(gone_cents)::bigint as gone_cents, sum(cents)::bigint as cents, sum(count)::int as count,
      sum(returned_cents)::bigint as returned_cents
    from (${join(parts, sql` union all `)}) as part group by which, place`)
}

const cameByRows = (whose: Whose, { which, begin, step, beforeUntil, ...span }: Span) => sql`
  select ${which}::text as which, date_bin(${step}, created_at, ${begin}::timestamptz) as place,
    sum(amount_cents) filter (where created_at < ${beforeUntil}) as gone_cents,
    sum(amount_cents) as cents, count(*) as count, sum(reversed_cents) as returned_cents
  from money_in where ${ofWhose(whose)} and ${madeIn(span)} group by 2`

const cameByDays = (whose: Whose, { which, begin, step, until, beforeUntil, ...span }: Span) => sql`
  select ${which}::text as which, date_bin(${step}, day::timestamp at time zone 'Africa/Nairobi', ${begin}::timestamptz) as place,
    case when ${until}::timestamptz <= ${beforeUntil} then sum(cents) end as gone_cents,
    sum(cents) as cents, sum(count) as count, sum(returned_cents) as returned_cents
  from day_money where ${ofWhose(whose)} and ${ofDays(span)} group by 2`

type Went = {
  which: Which
  is_gone: boolean
  status: string
  code: string | null
  /** How long the payer took, where they were prompt enough to be counted: whole seconds. */
  seconds: number | null
  count: number
}

/** How the payments of both times went that a phone was asked for, by outcome and by how long it took. */
function findAsked({ database }: Context, whose: Whose, spans: Span[]): Promise<Went[]> {
  const parts = spans.map((span) => (span.isSummed ? wentByDays(whose, span) : wentByRows(whose, span)))
  return database.query<Went>(join(parts, sql` union all `))
}

const wentByRows = (whose: Whose, { which, beforeUntil, ...span }: Span) => sql`
  select ${which}::text as which, created_at < ${beforeUntil} as is_gone, status, failure_code as code,
    ${secondsTaken} as seconds, count(*)::int as count
  from payments where ${ofWhose(whose)} and ${madeIn(span)} and requested_at is not null group by 2, 3, 4, 5`

const wentByDays = (whose: Whose, { which, until, beforeUntil, ...span }: Span) => sql`
  select ${which}::text as which, ${until}::timestamptz <= ${beforeUntil} as is_gone, status, failure_code as code,
    seconds, sum(count)::int as count
  from day_outcomes where ${ofWhose(whose)} and ${ofDays(span)} group by 3, 4, 5`

// An id begins with the time at which it was made: a time is a range of the index.
const madeIn = ({ from, until }: Pick<Span, 'from' | 'until'>) =>
  sql`id >= ${firstIdOf(from)} and id < ${firstIdOf(until)}`

const ofDays = ({ firstDay, lastDay }: Pick<Span, 'firstDay' | 'lastDay'>) =>
  sql`day between ${firstDay}::date and ${lastDay}::date`

function sumOf(list: Collected[]): Collected {
  const total = (key: keyof Collected) => list.reduce((sum, one) => sum + one[key], 0)
  return { cents: total('cents'), count: total('count'), returned_cents: total('returned_cents') }
}

function askedOf(list: Went[]): Asked {
  const countOf = (...statuses: string[]) =>
    list.reduce((sum, { status, count }) => sum + (statuses.length === 0 || statuses.includes(status) ? count : 0), 0)
  const times = list
    .flatMap(({ seconds, count }) => (seconds === null ? [] : [{ seconds, count }]))
    .sort((left, right) => left.seconds - right.seconds)
  return {
    asked: countOf(),
    paid: countOf('completed', 'reversed'),
    waiting: countOf('created', 'pending'),
    half_seconds: within(times, 0.5),
    most_seconds: within(times, 0.95),
  }
}

/** Within how many seconds a share of the payers has paid. */
function within(times: { seconds: number; count: number }[], share: number): number | null {
  const wanted = share * times.reduce((sum, { count }) => sum + count, 0)
  let sum = 0
  for (const { seconds, count } of times) {
    sum += count
    if (sum >= wanted && wanted > 0) return seconds
  }
  return null
}

function failuresOf(list: Went[]): { code: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { status, code, count } of list)
    if (status === 'failed' && code) counts.set(code, (counts.get(code) ?? 0) + count)
  return [...counts].map(([code, count]) => ({ code, count })).sort((left, right) => right.count - left.count)
}

/** True when a business has nothing to show yet: no payment, and no money. */
export async function isNew({ database }: Context, { merchant_id }: Whose): Promise<boolean> {
  const found = await database.query(sql`
    (select 1 from payments where merchant_id = ${merchant_id} limit 1)
    union all (select 1 from money_in where merchant_id = ${merchant_id} limit 1)`)
  return found.length === 0
}

import { parseTime } from '../../api/time.ts'
import { later } from '../../clock.ts'
import { dayMs, dayOf } from '../../day.ts'

const hourMs = 3_600_000
const daysMax = 366
/** With more days than these a course is drawn by weeks. */
const dailyMax = 92

/** A time that is looked at, whole days of Nairobi; and the one before it that it is compared with. */
export type Period = {
  /** The first and last day, as `2026-11-20`. */
  firstDay: string
  lastDay: string
  days: number
  from: Date
  until: Date
  /** Where the time before begins; it is as long as what of this one has gone by. */
  beforeFrom: Date
  beforeUntil: Date
  /** How long one place of the course is. */
  stepMs: number
  isToday: boolean
}

/** Reads the first and last day that an address names: today, without them; what is no day, or too long, counts as not named. */
export function readPeriod({ from, until }: { from?: string; until?: string }, now: Date): Period {
  const today = dayOf(now)
  const [one, other] = [from, until].map((text) => (text && isDay(text) ? text : undefined))
  const [firstDay, lastDay] = [one ?? other ?? today, other ?? one ?? today].sort() as [string, string]
  const period = whole(firstDay, lastDay, now)
  return period.days <= daysMax ? period : whole(dayOf(later(period.until, -daysMax * dayMs)), lastDay, now)
}

function whole(firstDay: string, lastDay: string, now: Date): Period {
  const { from } = parseTime(firstDay)!
  const { until } = parseTime(lastDay)!
  const days = Math.round((until.getTime() - from.getTime()) / dayMs)
  // A day is like that of a week ago more than like yesterday.
  const backMs = (days === 1 ? 7 : days) * dayMs
  const end = until < now ? until : now
  return {
    firstDay,
    lastDay,
    days,
    from,
    until,
    beforeFrom: later(from, -backMs),
    beforeUntil: later(end, -backMs),
    stepMs: days === 1 ? hourMs : days <= dailyMax ? dayMs : 7 * dayMs,
    isToday: days === 1 && firstDay === dayOf(now),
  }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parseTime(text) !== undefined
}

/** The periods that are one press away, each with its first and last day. */
export function usualPeriods(now: Date): { name: string; from: string; until: string }[] {
  const today = dayOf(now)
  const ago = (days: number) => dayOf(later(now, -days * dayMs))
  return [
    { name: 'Today', from: today, until: today },
    { name: 'Yesterday', from: ago(1), until: ago(1) },
    { name: '7 days', from: ago(6), until: today },
    { name: '30 days', from: ago(29), until: today },
    { name: 'This month', from: `${today.slice(0, 8)}01`, until: today },
  ]
}

import { formatNairobi } from '@lango/daraja'
import { later } from './clock.ts'

/** A day; in Nairobi no clock is ever turned, so that each of its days is as long. */
export const dayMs = 24 * 3_600_000

/** The day in Nairobi of a moment, as `2026-11-20`. */
export function dayOf(at: Date): string {
  return formatNairobi(at, 'yyyy-MM-dd')
}

/** When a day in Nairobi begins, and when the next one does. */
export function boundsOf(day: string): { from: Date; until: Date } {
  const from = new Date(`${day}T00:00:00+03:00`)
  return { from, until: later(from, dayMs) }
}

/** The days from one to another, both among them; none where the other is before it. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = []
  for (let day = first; day <= last; day = dayAfter(day)) days.push(day)
  return days
}

/** The day that follows a day. */
export function dayAfter(day: string): string {
  return dayOf(boundsOf(day).until)
}

/** The day that so many days lie behind. */
export function dayLater(day: string, count: number): string {
  return dayOf(later(boundsOf(day).from, count * dayMs))
}

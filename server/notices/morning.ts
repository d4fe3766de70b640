import { formatNairobi } from '@lango/daraja'
import { later } from '../clock.ts'
import { dayMs, dayOf } from '../day.ts'

/** When a day, and a month, are told: in the next morning of Nairobi, when the last of it has been compared with M-Pesa's records. */
const hour = '07:00'

/** The next morning after a moment. */
export function nextMorning(now: Date): Date {
  const today = morningOf(dayOf(now))
  return today > now ? today : later(today, dayMs)
}

/** The next morning of the first day of a month after a moment. */
export function nextFirst(now: Date): Date {
  const first = morningOf(formatNairobi(now, 'yyyy-MM-01'))
  if (first > now) return first
  const [year, month] = formatNairobi(now, 'yyyy-MM').split('-').map(Number) as [number, number]
  return morningOf(`${monthAfter(year, month)}-01`)
}

/** The day before that of a moment, `2026-11-19`. */
export function dayBefore(now: Date): string {
  return dayOf(later(now, -dayMs))
}

/** The month before that of a moment, `2026-10`. */
export function monthBefore(now: Date): string {
  return dayBefore(morningOf(formatNairobi(now, 'yyyy-MM-01'))).slice(0, 7)
}

/** A month, `2026-11`, as the time that it is. */
export function spanOfMonth(month: string): { from: Date; until: Date } {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return { from: midnightOf(`${month}-01`), until: midnightOf(`${monthAfter(year, number)}-01`) }
}

function monthAfter(year: number, month: number): string {
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`
}

const morningOf = (day: string) => new Date(`${day}T${hour}:00+03:00`)
const midnightOf = (day: string) => new Date(`${day}T00:00:00+03:00`)

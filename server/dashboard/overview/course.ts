import { html } from 'hono/html'
import { formatNairobi } from '@lango/daraja'
import { formatKes } from '../../money.ts'
import type { Html } from '../../web/html.ts'
import { showMoney } from '../../web/parts/amount.ts'
import { plot } from '../../web/parts/plot.ts'
import { table } from '../../web/parts/table.ts'
import { showDay } from '../../web/parts/time.ts'
import type { Figures } from './figures.ts'
import type { Period } from './period.ts'

/** The course of a time, and the same as a table to fold out. */
export function course({ course: places }: Figures, period: Period, now: Date): Html {
  const names = places.map((_, index) => placeName(period, index))
  const every = Math.max(1, Math.ceil(places.length / 8))
  const gone = Math.max(
    1,
    Math.ceil((Math.min(now.getTime(), period.until.getTime()) - period.from.getTime()) / period.stepMs),
  )
  const points = places.map(({ cents, beforeCents }, index) => ({
    ...(index < gone && { value: cents / 100 }),
    before: beforeCents / 100,
    ...(index % every === 0 && index > 0 && { label: names[index]! }),
  }))
  const highest = places.reduce((best, { cents }, index) => (cents > places[best]!.cents ? index : best), 0)
  const total = places.reduce((sum, { cents }) => sum + cents, 0)
  const alt =
    total === 0
      ? 'Nothing was collected'
      : `${showMoney(total)} collected, most at ${names[highest]} with ${showMoney(places[highest]!.cents)}`
  const rows = places
    .map((place, index) => ({ ...place, name: names[index]! }))
    .filter(({ cents, beforeCents }) => cents + beforeCents > 0)
  return html`${plot(points, alt)}
    <details class="figures" id="figures">
      <summary class="small soft">The same in figures</summary>
      ${table(
        courseName(period),
        [
          { name: period.days === 1 ? 'Hour' : 'From', show: ({ name }) => name },
          { name: 'Times paid', look: 'num', show: ({ count }) => String(count) },
          { name: 'KSh', look: 'num', show: ({ cents }) => formatKes(cents) },
          { name: `KSh, ${beforeName(period)}`, look: 'num', show: ({ beforeCents }) => formatKes(beforeCents) },
        ],
        rows,
      )}
    </details>`
}

function placeName({ from, stepMs, days }: Period, index: number): string {
  const at = new Date(from.getTime() + index * stepMs)
  return days === 1 ? formatNairobi(at, 'HH:mm') : showDay(at, 'en').replace(/ \d{4}$/, '')
}

/** What the course of a time is called. */
export function courseName({ days, stepMs }: Period): string {
  if (days === 1) return 'Collected by hour'
  return stepMs > 24 * 3_600_000 ? 'Collected by week' : 'Collected by day'
}

/** The time that it is held against. */
export function beforeName({ days, beforeFrom, isToday }: Period): string {
  if (days > 1) return `the ${days} days before`
  const weekday = new Intl.DateTimeFormat('en-KE', { weekday: 'long', timeZone: 'Africa/Nairobi' }).format(beforeFrom)
  return isToday ? `last ${weekday}` : `the ${weekday} before`
}

import { formatNairobi } from '@lango/daraja'
import { dayOf } from '../day.ts'
import { html } from 'hono/html'
import type { Html } from '../web/html.ts'
import { showDay } from '../web/parts/time.ts'

/** A moment in a list: the time alone for one of today, to the second or the minute; the day with it for any other. Always of Nairobi. */
export function when(at: Date, now: Date, form: 'second' | 'minute' = 'second'): Html {
  const [day, today] = [at, now].map((one) => dayOf(one))
  const text =
    day === today
      ? formatNairobi(at, form === 'second' ? 'HH:mm:ss' : 'HH:mm')
      : `${day!.slice(0, 4) === today!.slice(0, 4) ? showDay(at, 'en').replace(/ \d{4}$/, '') : showDay(at, 'en')}, ${formatNairobi(at, 'HH:mm')}`
  return html`<time class="whole" datetime="${at.toISOString()}">${text}</time>`
}

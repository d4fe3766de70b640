import { formatNairobi } from '@lango/daraja'
import { html } from 'hono/html'
import type { Html } from '../html.ts'
import { speaker } from '../language.ts'
import type { Language } from '../language.ts'

const words = {
  months: ['Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec', 'Jan Feb Mac Apr Mei Jun Jul Ago Sep Okt Nov Des'],
  seconds: ['{count} s ago', 'sekunde {count} zilizopita'],
  second: ['1 s ago', 'sekunde 1 iliyopita'],
  minutes: ['{count} min ago', 'dakika {count} zilizopita'],
  minute: ['1 min ago', 'dakika 1 iliyopita'],
  hours: ['{count} h ago', 'saa {count} zilizopita'],
  hour: ['1 h ago', 'saa 1 iliyopita'],
  days: ['{count} days ago', 'siku {count} zilizopita'],
  day: ['1 day ago', 'siku 1 iliyopita'],
  now: ['just now', 'sasa hivi'],
} as const

/** A day as Nairobi's calendars show it: `20 Nov 2026`. */
export function showDay(at: Date, language: Language): string {
  const [day, month, year] = formatNairobi(at, 'dd|MM|yyyy').split('|')
  return `${Number(day)} ${speaker(words, language)('months').split(' ')[Number(month) - 1]} ${year}`
}

/** A moment as Nairobi's clocks show it: `20 Nov 2026, 14:32`. */
export function moment(at: Date, language: Language): Html {
  return html`<time class="whole" datetime="${at.toISOString()}">${sayMoment(at, language)}</time>`
}

/** The same in words alone, for a sentence. */
export function sayMoment(at: Date, language: Language = 'en'): string {
  return `${showDay(at, language)}, ${formatNairobi(at, 'HH:mm')}`
}

/** From one moment to another, the day named once where it is the same: `20 Nov 2026, 12:32 – 14:32`. */
export function span(from: Date, until: Date): Html {
  const isOneDay = showDay(from, 'en') === showDay(until, 'en')
  return html`${moment(from, 'en')} –
  ${isOneDay ? html`<time class="whole" datetime="${until.toISOString()}">${formatNairobi(until, 'HH:mm')}</time>` : moment(until, 'en')}`
}

/** The time of a day that the reader knows, to the second: `14:32:08`; `precise` shows thousandths, for an order of events. */
export function clockTime(at: Date, form: 'second' | 'precise' = 'second'): Html {
  const thousandths = form === 'precise' ? `.${String(at.getUTCMilliseconds()).padStart(3, '0')}` : ''
  return html`<time datetime="${at.toISOString()}">${formatNairobi(at, 'HH:mm:ss')}${thousandths}</time>`
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** How long ago a moment was, in the largest unit that fits: `4 min ago`. */
export function ago(at: Date, now: Date, language: Language): Html {
  return html`<time class="whole" datetime="${at.toISOString()}">${sayAgo(at, now, language)}</time>`
}

/** The same in words alone, for a sentence. */
export function sayAgo(at: Date, now: Date, language: Language): string {
  const seconds = Math.floor((now.getTime() - at.getTime()) / 1000)
  const say = speaker(words, language)
  const [unit, size] = units.find(([, unitSeconds]) => seconds >= unitSeconds) ?? ['now', 1]
  const count = Math.floor(seconds / size)
  return unit === 'now' ? say('now') : count === 1 ? say(unit) : say(`${unit}s`, { count: String(count) })
}

import { textOf } from './cell.ts'
import type { Cell } from './cell.ts'

/** A moment as it is written, and for how long it is that moment: a second, a minute or a day. */
export type Moment = { at: Date; spanMs: number }

const secondMs = 1_000
const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
const nairobiMs = 3 * hourMs

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const yearMin = 2000
const yearMax = 2099

// Kenya writes the day before the month. Where a year comes first, the month is next.
const days: RegExp[] = [
  /^(?<year>\d{4})([-/.])(?<month>\d{1,2})\2(?<day>\d{1,2})(?!\d)/,
  /^(?<day>\d{1,2})([-/.])(?<month>\d{1,2})\2(?<year>\d{4}|\d{2})(?!\d)/,
  /^(?<day>\d{1,2})(?:st|nd|rd|th)?[-/. ]?(?<name>[a-z]{3,9})\.?[-/. ]?(?<year>\d{4}|\d{2})(?!\d)/i,
  /^(?<name>[a-z]{3,9})\.? (?<day>\d{1,2})(?:st|nd|rd|th)? (?<year>\d{4})(?!\d)/i,
  /^(?<year>\d{4})-(?<name>[a-z]{3})-(?<day>\d{1,2})(?!\d)/i,
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?=$|[T ]|\d{4}(?:\d{2})?$)/,
]
const time =
  /^(?:[T ]|(?=\d{4}))?(?:at )?(?<hour>\d{1,2})[:.]?(?<minute>\d{2})(?:[:.]?(?<second>\d{2})(?:[.,:]\d{1,9})?)?(?: ?(?<half>[ap])\.?m\.?)?(?: ?(?<zone>Z|EAT|(?:UTC|GMT)?(?:[+-]\d{1,2}(?::?\d{2})?)?))?$/i
/** As the portal writes them. */
const usual = /^(\d\d)[-/](\d\d)[-/](\d{4}) (\d\d):(\d\d):(\d\d)$/
const weekday = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.? /i
/** Days since 30 December 1899: how Excel counts. */
const serial = /^\d{5}(?:\.\d+)?$/
const serialMin = 36_526
const serialMax = 73_050
const serialEpochMs = Date.UTC(1899, 11, 30)

/**
 * Reads a time as statements write it, by Nairobi's clock where no zone is named: `20-11-2026 14:32:08`, `20/11/2026 2:32 PM`,
 * `20-Nov-2026`, `2026-11-20T14:32:08+03:00`, Excel's `46346.605648`; date and time may be broken by a line. Undefined for what is
 * no date of the calendar.
 */
export function readMoment(cell: Cell): Moment | undefined {
  const plain = typeof cell === 'string' && usual.exec(cell)
  if (plain) {
    const [, day, month, year, hour, minute, second] = plain
    const local = { year: +year!, month: +month!, day: +day!, hour: +hour!, minute: +minute!, second: +second! }
    return momentOf(local, { spanMs: secondMs, zoneMs: nairobiMs })
  }
  const text = dateText(cell)
    .replace(/ ?\(.*\)$/, '')
    .replace(/,/g, ' ')
    .replace(/ +/g, ' ')
    .replace(weekday, '')
  if (serial.test(text)) return readSerial(Number(text))
  for (const form of days) {
    const date = form.exec(text)
    if (date) return readParts(date.groups!, text.slice(date[0].length))
  }
  return undefined
}

/** The text of a cell, with whatever dash a word processor made of a hyphen as the hyphen that it was. */
function dateText(cell: Cell): string {
  return textOf(cell).replace(/\p{Dash_Punctuation}/gu, '-')
}

/** A date of numbers that is not surely the day first: only the month can be, which Kenya does not write, or either. */
export type DateOrder = { isMonthFirst: boolean; /** What stands between its numbers. */ sign: string }

const numbered = /^(\d{1,2})([-/.])(\d{1,2})\2(?:\d{4}|\d{2})(?!\d)/

/** In which order a date has its day and its month; undefined where the day surely comes first. */
export function dateOrderOf(cell: Cell): DateOrder | undefined {
  const [, first, sign, second] = numbered.exec(dateText(cell).replace(weekday, '')) ?? []
  const [left, right] = [Number(first), Number(second)]
  if (!sign || left > 12 || left === right) return undefined
  return { isMonthFirst: right > 12, sign }
}

/** Reads a time whose day stands in one cell and whose hour in another; either may hold both. */
export function readMomentOf(day: Cell, hour: Cell): Moment | undefined {
  return readMoment(hour) ?? readMoment(`${textOf(day)} ${writeHour(textOf(hour))}`)
}

/** Excel keeps a time of the day as a fraction of it. */
function writeHour(text: string): string {
  if (!/^0?\.\d+$/.test(text)) return text
  return new Date(Math.round(Number(text) * 86_400) * secondMs).toISOString().slice(11, 19)
}

function readSerial(number: number): Moment | undefined {
  if (number < serialMin || number > serialMax) return undefined
  const at = serialEpochMs + Math.round(number * 86_400) * secondMs - nairobiMs
  return { at: new Date(at), spanMs: Number.isInteger(number) ? dayMs : secondMs }
}

type Parts = Partial<Record<string, string>>

function readParts(date: Parts, rest: string): Moment | undefined {
  const month = date['name'] ? months.indexOf(date['name'].slice(0, 3).toLowerCase()) + 1 : Number(date['month'])
  const year = Number(date['year']) + (date['year']!.length === 2 ? 2000 : 0)
  const clock = rest.trim() === '' ? undefined : time.exec(rest)?.groups
  if (rest.trim() !== '' && !clock) return undefined
  const hour = readHour(clock)
  if (hour === undefined) return undefined
  const [day, minute, second] = [date['day'], clock?.['minute'], clock?.['second']].map((text) => Number(text ?? 0))
  const spanMs = !clock ? dayMs : clock['second'] === undefined ? minuteMs : secondMs
  const local = { year, month, day: day!, hour, minute: minute!, second: second! }
  return momentOf(local, { spanMs, zoneMs: zoneMs(clock?.['zone']) })
}

/** A date of the calendar and a time of the day, of some zone. */
type Local = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>

function momentOf(
  { year, month, day, hour, minute, second }: Local,
  { spanMs, zoneMs }: { spanMs: number; zoneMs: number },
): Moment | undefined {
  if (hour > 23 || year < yearMin || year > yearMax || minute > 59 || second > 59) return undefined
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // A date that the calendar lacks comes back as another one.
  if (month < 1 || local.getUTCMonth() + 1 !== month || local.getUTCDate() !== day) return undefined
  return { at: new Date(local.getTime() - zoneMs), spanMs }
}

/** The hour of the day; undefined where it and its half of the day contradict each other. */
function readHour(clock: Parts | undefined): number | undefined {
  if (!clock) return 0
  const hour = Number(clock['hour'])
  if (hour > 23) return undefined
  if (!clock['half']) return hour
  const isAfternoon = clock['half'].toLowerCase() === 'p'
  if (hour > 12) return isAfternoon ? hour : undefined
  return (hour % 12) + (isAfternoon ? 12 : 0)
}

function zoneMs(zone: string | undefined): number {
  if (!zone || zone.toUpperCase() === 'EAT') return nairobiMs
  const offset = /([+-])(\d{1,2}):?(\d{2})?$/.exec(zone)
  if (!offset) return 0
  return (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * hourMs + Number(offset[3] ?? 0) * minuteMs)
}

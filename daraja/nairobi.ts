/** Nairobi is three hours ahead of UTC and keeps no summer time. */
const NAIROBI_OFFSET_MS = 3 * 60 * 60 * 1000

const PARTS = /yyyy|MM|dd|HH|mm|ss/g

/**
 * Writes an instant as Nairobi's clocks show it; the pattern is made of `yyyy`, `MM`, `dd`, `HH`, `mm` and `ss`.
 *
 * @example formatNairobi(new Date('2026-11-20T21:30:00Z'), 'dd.MM.yyyy HH:mm') // '21.11.2026 00:30'
 */
export function formatNairobi(date: Date, pattern: string): string {
  const local = new Date(date.getTime() + NAIROBI_OFFSET_MS)
  const values: Record<string, string> = {
    yyyy: String(local.getUTCFullYear()).padStart(4, '0'),
    MM: twoDigits(local.getUTCMonth() + 1),
    dd: twoDigits(local.getUTCDate()),
    HH: twoDigits(local.getUTCHours()),
    mm: twoDigits(local.getUTCMinutes()),
    ss: twoDigits(local.getUTCSeconds()),
  }
  return pattern.replace(PARTS, (part) => values[part] ?? part)
}

/**
 * The `Timestamp` of an STK push: 14 digits, Nairobi time. Safaricom's portal states no zone; its own samples and most
 * reports use Nairobi's, and the sandbox checks the form alone.
 *
 * @example nairobiTimestamp(new Date('2026-11-20T16:58:03Z')) // '20261120195803'
 */
export function nairobiTimestamp(date: Date): string {
  return formatNairobi(date, 'yyyyMMddHHmmss')
}

const YEAR_FIRST = /^(?<year>\d{4})[-/.]?(?<month>\d{2})[-/.]?(?<day>\d{2})/
const DAY_FIRST = /^(?<day>\d{2})[-/.](?<month>\d{2})[-/.](?<year>\d{4})/
const TIME = /^[T ]?(?<hour>\d{1,2}):?(?<minute>\d{2})(?::?(?<second>\d{2})(?:[.:](?<fraction>\d+))?)?(?<zone>Z)?$/

/**
 * Reads any of Daraja's ways to write a time, as text or number, as Nairobi time: `20191219102115` (STK, B2B),
 * `06.07.2024 22:48:52` (B2C), `2020-08-04 08:36:00` (Pull, statements), `01-05-2022 00:00` (SWAP), `20260807` (Ratiba)
 * and `2025-02-24T12:29:05.484864516` (Bonga). A closing `Z` is believed, and means UTC. `undefined` for what is no
 * date of the calendar.
 *
 * @example parseNairobi(20191219102115)?.toISOString() // '2019-12-19T07:21:15.000Z'
 */
export function parseNairobi(value: string | number): Date | undefined {
  const text = String(value).trim()
  const date = YEAR_FIRST.exec(text) ?? DAY_FIRST.exec(text)
  if (!date) return undefined
  const rest = text.slice(date[0].length)
  const time = rest === '' ? undefined : TIME.exec(rest)
  if (time === null) return undefined
  const { year, month, day } = date.groups!
  const { hour = 0, minute = 0, second = 0, fraction = 0, zone } = time?.groups ?? {}
  return toInstant(
    [year, month, day, hour, minute, second].map(Number),
    Number(`0.${fraction}`) * 1000,
    zone === 'Z' ? 0 : NAIROBI_OFFSET_MS,
  )
}

function toInstant(fields: number[], milliseconds: number, offsetMs: number): Date | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // A date that the calendar lacks, such as 30 February, comes back as another one.
  const back = [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate(), local.getUTCHours()]
  if (back.some((field, index) => field !== fields[index]) || minute > 59 || second > 59) return undefined
  return new Date(local.getTime() + Math.floor(milliseconds) - offsetMs)
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

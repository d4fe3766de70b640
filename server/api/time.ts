import { dayMs } from '../day.ts'
import { z } from '@hono/zod-openapi'

const written =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[Tt ](?<minute>[01]\d:[0-5]\d|2[0-3]:[0-5]\d)(?::(?<second>[0-5]\d)(?:[.,](?<fraction>\d+))?)?(?<zone>[Zz]|[+\- ][01]\d(?::?[0-5]\d)?))?$/

const minuteMs = 60_000
const nairobiMs = 180 * minuteMs

/** What a text names: an instant, or a day in Nairobi, which begins and ends. Undefined when it is neither, or not of the calendar. */
export function parseTime(text: string): { from: Date; until: Date } | undefined {
  const parts = written.exec(text.trim())?.groups
  if (!parts) return undefined
  const { day, minute = '00:00', second = '00', fraction = '0', zone } = parts
  const local = new Date(`${day}T${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  // A 30th of February becomes a 2nd of March.
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(day!)) return undefined
  const from = new Date(local.getTime() - (zone === undefined ? nairobiMs : offsetMs(zone)))
  return { from, until: zone === undefined ? new Date(from.getTime() + dayMs) : from }
}

// In a query a plus that nobody has escaped stands for a space.
function offsetMs(zone: string): number {
  const [, sign, hours, minutes = '0'] = /^([+\- ])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  if (!sign) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs
}

function timeSchema(edge: 'from' | 'until', description: string) {
  return z
    .string()
    .transform((text, context) => {
      const time = parseTime(text)
      if (time) return time[edge]
      context.addIssue({
        code: 'custom',
        message:
          'must be a time with its offset, such as 2026-11-25T14:30:00+03:00, or a day in Nairobi, such as 2026-11-25',
      })
      return z.NEVER
    })
    .openapi({ example: '2026-11-25T14:30:00+03:00', description })
}

/** The moment from which on: a time with its offset, or the beginning of a day in Nairobi. */
export const sinceSchema = timeSchema('from', 'A time with its offset, or a day in Nairobi, from whose beginning on.')

/** The moment before which: a time with its offset, or the end of a day in Nairobi. */
export const untilSchema = timeSchema('until', 'A time with its offset, or a day in Nairobi, up to its end.')

/** A day of the calendar, as text. `what` begins the sentence that says what is wrong. */
export function daySchema(what: string) {
  return z
    .string()
    .refine((text) => /^\d{4}-\d\d-\d\d$/.test(text) && parseTime(text) !== undefined, {
      message: `${what} is a day of the calendar, such as 2026-12-31`,
    })
    .openapi({ example: '2026-12-31' })
}

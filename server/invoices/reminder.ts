import { later } from '../clock.ts'
import { dayMs } from '../day.ts'
import { calendarDay } from './invoice.ts'
import type { Invoice } from './invoice.ts'

/** When a customer is reminded: some days before the due one, on it, and after it. Few, and never one twice. */
const reminders = [
  { reminder: 'before', days: -3 },
  { reminder: 'due', days: 0 },
  { reminder: 'after', days: 7 },
] as const

export type Reminder = (typeof reminders)[number]['reminder']

const hour = '09:00'

/** When the first reminder after a moment is due, at nine in the morning of Nairobi; null where none is left. */
export function nextReminder({ due_on }: Pick<Invoice, 'due_on'>, after: Date): Date | null {
  if (!due_on) return null
  return momentsOf(due_on).find(({ at }) => at > after)?.at ?? null
}

/** Which reminder it is the time for: the last one whose moment has come, whatever was missed before it. */
export function presentReminder(due_on: Date, now: Date): Reminder | undefined {
  return momentsOf(due_on).findLast(({ at }) => at <= now)?.reminder
}

function momentsOf(due_on: Date): { reminder: Reminder; at: Date }[] {
  const due = new Date(`${calendarDay(due_on)}T${hour}:00+03:00`)
  return reminders.map(({ reminder, days }) => ({ reminder, at: later(due, days * dayMs) }))
}

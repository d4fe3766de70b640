const TIME =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<clock>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(?<zone>Z|[+-]\d{2}:?\d{2})?(?<name>\s+[A-Za-z/_ +-]+)?)?$/

/**
 * Reads any of Pesaflow's ways to write a time: `2025-01-06 16:35:15+03:00 EAT Africa/Nairobi`, `2025-01-06T13:35:15Z`, and
 * `2025-01-06T13:35:15` without a zone, which is UTC. A day alone is one of Nairobi. `undefined` for anything else.
 *
 * @example parseTime('2025-01-06 16:35:15+03:00 EAT Africa/Nairobi')?.toISOString() // '2025-01-06T13:35:15.000Z'
 */
export function parseTime(value: unknown): Date | undefined {
  const groups = typeof value === 'string' ? TIME.exec(value.trim())?.groups : undefined
  if (!groups) return undefined
  const { day = '', clock = '00:00', name } = groups
  const isLocal = groups['clock'] === undefined || name !== undefined
  const zone = groups['zone'] ?? (isLocal ? '+03:00' : 'Z')
  const time = new Date(`${day}T${clock}${zone.replace(/(\d{2})(\d{2})$/, '$1:$2')}`)
  return Number.isNaN(time.getTime()) || !isOfCalendar(day) ? undefined : time
}

/** A day that the calendar lacks, such as 30 February, comes back as another one. */
function isOfCalendar(day: string): boolean {
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day)
}

const NAIROBI_OFFSET_MS = 3 * 60 * 60 * 1000
const TOLERANCE_MS = 30 * 60 * 1000

/**
 * When a payment was made. Pesaflow was seen to call Nairobi's time UTC, three hours late; then the payment was put down
 * about three hours before it was made, which tells.
 */
export function paidTime(paidAt: Date | undefined, insertedAt: Date | undefined): Date | undefined {
  if (!paidAt || !insertedAt) return paidAt ?? insertedAt
  const aheadMs = paidAt.getTime() - insertedAt.getTime()
  const isMisplaced = Math.abs(aheadMs - NAIROBI_OFFSET_MS) < TOLERANCE_MS
  return isMisplaced ? new Date(paidAt.getTime() - NAIROBI_OFFSET_MS) : paidAt
}

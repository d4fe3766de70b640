const offsetMs = 3 * 3_600_000 // Kenya keeps UTC+3 all year.

/** The parts of a moment as a clock in Nairobi shows them, zero-padded, but for the milliseconds. */
export function nairobi(at: Date) {
  const iso = new Date(at.getTime() + offsetMs).toISOString()
  return {
    year: iso.slice(0, 4),
    month: iso.slice(5, 7),
    day: iso.slice(8, 10),
    hour: iso.slice(11, 13),
    minute: iso.slice(14, 16),
    second: iso.slice(17, 19),
    millisecond: Number(iso.slice(20, 23)),
  }
}

/** `yyyyMMddHHmmss` in Nairobi, Daraja's timestamp. */
export function timestamp(at: Date): string {
  const { year, month, day, hour, minute, second } = nairobi(at)
  return `${year}${month}${day}${hour}${minute}${second}`
}

/** `yyyyMMdd` in Nairobi: the day that daily limits count by. */
export const dayOf = (at: Date): string => timestamp(at).slice(0, 8)

/** Reads `yyyyMMddHHmmss` as Nairobi time; undefined for what is no real date. */
export function readTimestamp(text: string): Date | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? []
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}+03:00`)
  // Some engines roll 31 February over into March; a real date reads back as it was written.
  return Number.isNaN(at.getTime()) || timestamp(at) !== text ? undefined : at
}

const attemptsMax = 10
const windowMs = 5 * 60_000
const addressesMax = 10_000

/** Who has failed to show a valid key, by address. Each node remembers its own, and few: the oldest are forgotten first. */
export type FailedAttempts = {
  /** How long an address has to wait that has failed too often; 0 for one that has not. */
  waitMs(address: string, now: Date): number
  add(address: string, now: Date): void
}

/** Remembers failed attempts: ten in five minutes are too many. */
export function createFailedAttempts(): FailedAttempts {
  const attempts = new Map<string, number[]>()
  const recent = (address: string, now: Date) =>
    (attempts.get(address) ?? []).filter((time) => time > now.getTime() - windowMs)
  return {
    waitMs(address, now) {
      const times = recent(address, now)
      return times.length < attemptsMax ? 0 : times[0]! + windowMs - now.getTime()
    },
    add(address, now) {
      const times = [...recent(address, now), now.getTime()]
      attempts.delete(address)
      if (attempts.size >= addressesMax) attempts.delete(attempts.keys().next().value!)
      attempts.set(address, times)
    },
  }
}

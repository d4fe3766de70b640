import { later } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { NameAnswer } from './name-servers.ts'

/** The answers of name servers, for as long as they hold. */
export type NameMemory = {
  get(name: string): NameAnswer | undefined
  /** Answers what it was given. */
  keep(name: string, answer: NameAnswer): NameAnswer
}

const foundMsMax = 60_000
const notFoundMs = 5_000
const namesMax = 2_000

/** Addresses hold as long as they say themselves, up to a minute; that there are none holds for five seconds. */
export function createNameMemory(clock: Clock): NameMemory {
  const known = new Map<string, { answer: NameAnswer; until: Date }>()
  return {
    get(name) {
      const held = known.get(name)
      return held && held.until > clock.now() ? held.answer : undefined
    },
    keep(name, answer) {
      const ms = answer.kind === 'found' ? Math.min(answer.ttlMs, foundMsMax) : notFoundMs
      known.delete(name)
      // What was kept first is given up first; it is only asked again.
      if (known.size >= namesMax) known.delete(known.keys().next().value!)
      known.set(name, { answer, until: later(clock.now(), ms) })
      return answer
    },
  }
}

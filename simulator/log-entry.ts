import { readBody } from './log.ts'
import type { LogEntry } from './log.ts'
import type { World } from './world.ts'

type About = Pick<LogEntry, 'direction' | 'api' | 'method' | 'url' | 'msisdn' | 'shortcode' | 'fault' | 'text'> &
  Partial<Pick<LogEntry, 'contentType'>>

// The log is for people and tests to look at; a bench must not fill the memory with it.
const entryCountMax = 10_000

/** Opens an entry in the log. Whoever opened it fills in how it ended, and calls `world.changed('log')`. */
export function logEntry(world: World, about: About): LogEntry {
  const { log, clock } = world
  const entry: LogEntry = {
    id: `log_${log.nextNumber++}`,
    at: clock.now().toISOString(),
    contentType: 'application/json;charset=UTF-8',
    ...about,
    status: null,
    body: readBody(about.text),
    answer: null,
    warnings: [],
    state: 'waiting',
  }
  log.entries.push(entry)
  // Trimmed in blocks: shifting one at a time would move the whole list for every request.
  if (log.entries.length > entryCountMax * 1.1) log.entries.splice(0, log.entries.length - entryCountMax)
  world.changed('log')
  return entry
}

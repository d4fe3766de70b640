import type { LogEntry } from '../simulator/index.ts'

type Logged = Pick<LogEntry, 'id' | 'direction' | 'fault' | 'body'>

/** Those that strike the callback, and nothing where the request was refused. */
const ofCallbacks = new Set(['drop_callback', 'duplicate_callback', 'late_callback', 'early_callback', 'reorder'])

/**
 * How often each fault struck a request or a callback, by the simulator's log.
 * @throws when the log has forgotten its beginning.
 */
export function countStruck(log: Logged[]): Record<string, number> {
  if (log[0] && log[0].id !== 'log_1') throw new Error('The log has forgotten its beginning. Ask for fewer payments.')
  const counts: Record<string, number> = {}
  const seen = new Set<string>()
  for (const { direction, fault, body } of log) {
    const isCallback = direction === 'out'
    const content = JSON.stringify(body)
    // The second of a duplicate is struck by nothing more.
    if (isCallback && seen.has(content)) continue
    if (isCallback) seen.add(content)
    for (const name of fault?.split(',') ?? [])
      if (ofCallbacks.has(name) === isCallback) counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

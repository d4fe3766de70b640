import type { Clock } from './clock.ts'
import type { FaultPlan } from './faults.ts'
import type { HeldCallback } from './held-callback.ts'
import type { Ids } from './ids.ts'
import type { Log } from './log.ts'
import type { Memory } from './memory.ts'
import type { OpenPrompt } from './prompt.ts'
import type { Random } from './random.ts'
import type { Settings } from './settings.ts'
import type { Work } from './work.ts'

/** What has changed, for pages that show it live. */
export type Change =
  | 'phones'
  | 'prompts'
  | 'ledger'
  | 'organisations'
  | 'bills'
  | 'log'
  | 'faults'
  | 'settings'
  | 'reset'

/** Everything a verb of the simulator may touch. Verbs are functions that take it first. */
export type World = {
  clock: Clock
  random: Random
  ids: Ids
  /** How callbacks leave. */
  fetch: typeof fetch
  work: Work
  settings: Settings
  /** What a state file keeps and a reset forgets. */
  memory: Memory
  /** Prompts on phones now, by id, oldest first. */
  prompts: Map<string, OpenPrompt>
  faults: FaultPlan
  log: Log
  /** Callbacks that wait for their time, by the id of their log entry. */
  held: Map<string, HeldCallback>
  changed(what: Change): void
}

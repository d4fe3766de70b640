import { join } from 'node:path'
import { createSpool } from './callbacks/spool.ts'
import type { Spool } from './callbacks/spool.ts'
import { createBatcher } from './database/batch.ts'
import type { Batcher } from './database/batch.ts'
import type { Database } from './database/sql.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import type { GuardedFetch } from './guarded-fetch.ts'
import type { Logger } from './log.ts'
import { createMpesa } from './providers/mpesa.ts'
import type { Environment, Provider, ProviderName } from './providers/provider.ts'
import type { SecretKeys } from './secret.ts'
import { createSignals } from './signals.ts'
import type { Signals } from './signals.ts'

/** What an installation is set to. Made from the settings at start; a test writes its own. */
export type Config = {
  /** The address at which providers and payers reach this server, without a slash at its end. */
  publicUrl: string
  /** Another address for callbacks, a tunnel's for example. */
  callbackBaseUrl?: string
  secretKeys: SecretKeys
  /** The base URL of each environment's Daraja. */
  darajaUrls: Record<Environment, string>
  trustedProxies: string[]
  /** Where the spool is. Without a home a node keeps no spool. */
  home?: string
}

/** Everything that a verb may touch in the outside world, and who asks. */
export type Context = {
  database: Database
  clock: Clock
  config: Config
  providers: Partial<Record<ProviderName, Provider>>
  fetch: typeof fetch
  /** For every address that a merchant gave. */
  guardedFetch: GuardedFetch
  log: Logger
  signals: Signals
  /** Where callbacks wait while the database is away. A node without a home has none. */
  spool?: Spool
  /** The accounts that turn away a C2B payment which nobody judges in time, as they were read last. */
  rejecting: Map<string, ProviderName>
  /** Who triggered this: `key:…`, `user:…`, `payer`, `provider` or `lango`. */
  actor: string
  /** Runs a verb that takes many for one item, together with what others ask of the same verb at this moment. */
  gather<Item, Answer>(verb: (context: Context, items: Item[]) => Promise<Answer[]>, item: Item): Promise<Answer>
}

const batchSize = 256

export type Parts = Pick<Context, 'database' | 'config' | 'log'> &
  Partial<Pick<Context, 'clock' | 'fetch' | 'guardedFetch' | 'providers'>>

/** Puts the parts together, with the machine's clock and network where none is given. */
export function createContext(parts: Parts): Context {
  const batchers = new Map<unknown, Batcher<never, unknown>>()
  const context: Context = {
    clock: systemClock,
    fetch: globalThis.fetch,
    guardedFetch: createGuardedFetch(),
    providers: { mpesa: createMpesa() },
    ...parts,
    signals: createSignals(),
    spool: parts.config.home === undefined ? undefined : createSpool(join(parts.config.home, 'spool')),
    rejecting: new Map(),
    actor: 'lango',
    gather<Item, Answer>(verb: (context: Context, items: Item[]) => Promise<Answer[]>, item: Item) {
      let batcher = batchers.get(verb) as Batcher<Item, Answer> | undefined
      if (!batcher) {
        batcher = createBatcher((items: Item[]) => verb(context, items), { size: batchSize })
        batchers.set(verb, batcher as Batcher<never, unknown>)
      }
      return batcher(item)
    },
  }
  return context
}

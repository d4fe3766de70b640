import type { Spool } from './callbacks/spool.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database } from './database/sql.ts'
import type { Guard } from './guarded/fetch.ts'
import type { Logger } from './log.ts'
import type { ProviderName } from './providers/names.ts'
import type { Provider } from './providers/provider.ts'
import type { Signals } from './signals.ts'

/** Everything that a verb may touch in the outside world, and who asks. For every address that a merchant gave there is the guard. */
export type Context = Guard & {
  database: Database
  clock: Clock
  config: Config
  providers: Partial<Record<ProviderName, Provider>>
  fetch: typeof fetch
  log: Logger
  signals: Signals
  /** Where callbacks wait while the database is away. A node without a home has none. */
  spool?: Spool
  /** Who triggered this: `key:…`, `user:usr_…`, `user:operator` at the machine itself, `payer`, `provider` or `lango`. */
  actor: string
  /** Who stands behind the actor: keys that a key made are one person. Without it the actor is their own. */
  person?: string
  /** True for an owner who is signed in, and for whoever runs this machine: who may do what no key may. */
  isOwner?: boolean
  /** Of a person who is signed in, whether they have just typed their password again. Nobody else has one. */
  isConfirmed?: boolean
  /** Runs a verb that takes many for one item, together with what others ask of the same verb at this moment. */
  gather<Item, Answer>(verb: (context: Context, items: Item[]) => Promise<Answer[]>, item: Item): Promise<Answer>
}

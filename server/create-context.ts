import { join } from 'node:path'
import { createSpool } from './callbacks/spool.ts'
import { systemClock } from './clock.ts'
import type { Context } from './context.ts'
import { createBatcher } from './database/batch.ts'
import type { Batcher } from './database/batch.ts'
import { createGuard } from './guarded/fetch.ts'
import { createNames } from './guarded/names.ts'
import type { Names } from './guarded/names.ts'
import { createMpesa } from './providers/mpesa/mpesa.ts'
import { createPesaflowProvider } from './providers/pesaflow/pesaflow.ts'
import { createSignals } from './signals.ts'
import { asked, tracedBatch, tracedFetch } from './tracing.ts'
import type { Asked } from './tracing.ts'

const batchSize = 256

export type Parts = Pick<Context, 'database' | 'config' | 'log'> &
  Partial<Pick<Context, 'clock' | 'fetch' | 'guardedFetch' | 'refusalOf' | 'providers'> & { names: Names | undefined }>

/** Puts the parts together, with the machine's clock and network where none is given. */
export function createContext({ names, ...parts }: Parts): Context {
  const batchers = new Map<unknown, Batcher<never, unknown>>()
  const context: Context = {
    clock: systemClock,
    ...createGuard({
      names: names ?? createNames({ clock: parts.clock }),
      allowedNetworks: parts.config.allowedNetworks,
    }),
    providers: { mpesa: createMpesa(), pesaflow: createPesaflowProvider() },
    ...parts,
    fetch: tracedFetch(parts.fetch ?? globalThis.fetch),
    signals: createSignals(),
    spool: parts.config.home === undefined ? undefined : createSpool(join(parts.config.home, 'spool')),
    actor: 'lango',
    gather<Item, Answer>(verb: (context: Context, items: Item[]) => Promise<Answer[]>, item: Item) {
      let batcher = batchers.get(verb) as Batcher<Asked<Item>, Answer> | undefined
      if (!batcher) {
        const run = (items: Item[]) => verb(context, items)
        batcher = createBatcher((batch) => tracedBatch(verb.name, batch, run), { size: batchSize })
        batchers.set(verb, batcher as Batcher<never, unknown>)
      }
      return batcher(asked(item))
    },
  }
  return context
}

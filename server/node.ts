import { createActs } from './acts.ts'
import { createApp } from './app.ts'
import { createDefaultActions } from './c2b/default-action.ts'
import { createHearing } from './callbacks/hear.ts'
import { callbackTaker } from './callbacks/take.ts'
import type { Context } from './context.ts'
import { createSweeps } from './sweeps.ts'

/** What one node serves, hears and does on its own. */
export function createNode(context: Context) {
  const defaultActions = createDefaultActions()
  const acts = createActs(defaultActions)
  const hear = createHearing(context, acts)
  return {
    app: createApp(context, hear),
    takerOf: callbackTaker(context, hear),
    acts,
    sweeps: createSweeps(acts, defaultActions),
  }
}

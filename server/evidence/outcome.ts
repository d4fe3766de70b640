import type { Context } from '../context.ts'
import { persist } from '../database/persist.ts'

const patience = { forMs: 10 * 60_000, everyMs: 1_000 }

/**
 * Keeps what the provider answered to a request. It is said once: should the database be away at this moment, this node goes on
 * trying for ten minutes, so that an id by which the provider can be asked, or the knowledge that nothing was sent, is not lost.
 * Where it was kept unseen, it does nothing more: settling knows evidence that is stored already.
 * @throws when it could not be kept at once.
 */
export function keepOutcome<Outcome extends { merchant_id: string; id: string }>(
  context: Context,
  settle: (context: Context, outcome: Outcome) => Promise<unknown>,
  outcome: Outcome,
): Promise<void> {
  return persist(context, patience, () => settle(context, outcome))
}

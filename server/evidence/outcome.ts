import type { Context } from '../context.ts'
import { persist } from '../database/persist.ts'
import { sql } from '../database/sql.ts'

const patience = { forMs: 10 * 60_000, everyMs: 1_000 }

/**
 * Keeps what the provider answered to a request. It is said once: should the database be away at this moment, this node goes on
 * trying for ten minutes, so that an id by which the provider can be asked, or the knowledge that nothing was sent, is not lost.
 * @throws when it could not be kept at once.
 */
export function keepOutcome<Outcome extends { merchant_id: string; id: string }>(
  context: Context,
  settle: (context: Context, outcome: Outcome) => Promise<unknown>,
  outcome: Outcome,
): Promise<void> {
  return persist(context, patience, async (again) => {
    if (again && (await isKept(context, outcome))) return
    await settle(context, outcome)
  })
}

async function isKept(context: Context, { merchant_id, id }: { merchant_id: string; id: string }): Promise<boolean> {
  const evidence = sql`select from evidence where merchant_id = ${merchant_id} and id = ${id}`
  return (await context.database.maybe(evidence)) !== undefined
}

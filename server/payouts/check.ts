import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import { askWhatBecame, claimDue } from '../evidence/check.ts'
import type { Payout } from './payout.ts'
import { settlePayout } from './settle.ts'

const atOnce = 8

/** One that waited for approval is open since it was sent. */
const payoutsDue = {
  table: 'payouts',
  since: sql`coalesce(r.requested_at, r.created_at)`,
  unsettled: 'payout_unsettled',
} as const

/**
 * Asks what became of payouts whose outcome did not come. Never sends one again, and fails none for the time gone by: each
 * counts against its day until there is evidence, and after 48 hours is shown to a person.
 */
export const checkPayouts: Sweep = {
  name: 'payout checks',
  everyMs: 5_000,
  async run(context) {
    const payouts = await claimDue<Payout>(context, payoutsDue)
    return eachDue(context, payouts, { table: 'payouts', atOnce }, (payout) => checkPayout(context, payout))
  },
}

async function checkPayout(context: Context, payout: Payout): Promise<void> {
  const learnt = await askWhatBecame(context, payout)
  if (!learnt) return
  const at = context.clock.now()
  const { merchant_id, id } = payout
  await settlePayout(context, { ...learnt, id: newId(at), merchant_id, payout_id: id, at, verdict: null })
}

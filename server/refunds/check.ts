import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import { askWhatBecame, claimDue } from '../evidence/check.ts'
import type { Refund } from './refund.ts'
import { settleRefund } from './settle.ts'

const atOnce = 8

const refundsDue = { table: 'refunds', since: sql`r.created_at`, unsettled: 'refund_unsettled' } as const

/**
 * Asks what became of refunds whose outcome did not come. Time alone fails none of them: each keeps its reservation until there
 * is evidence, and after 48 hours is shown to a person.
 */
export const checkRefunds: Sweep = {
  name: 'refund checks',
  everyMs: 5_000,
  async run(context) {
    const refunds = await claimDue<Refund>(context, refundsDue)
    return eachDue(context, refunds, { table: 'refunds', atOnce }, (refund) => checkRefund(context, refund))
  },
}

async function checkRefund(context: Context, refund: Refund): Promise<void> {
  const learnt = await askWhatBecame(context, refund)
  if (!learnt) return
  const at = context.clock.now()
  const { merchant_id, id } = refund
  await settleRefund(context, { ...learnt, id: newId(at), merchant_id, refund_id: id, at, verdict: null })
}

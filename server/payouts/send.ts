import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'
import { accountOf } from '../accounts/find.ts'
import { outcomeDueAt } from '../evidence/intervals.ts'
import type { Payout } from './payout.ts'
import { requestPayout } from './request.ts'

/** No more are claimed than are sent at once: what is claimed is on its way within a moment. */
const atOnce = 8

/** Sends the payouts that were approved together, a few at a time: each is claimed once, and never sent again. */
export const sendPayouts: Sweep = {
  name: 'payouts to send',
  everyMs: 5_000,
  async run(context) {
    const sent = await context.database.eachPart(async (part) => {
      const payouts = await claimDue(part, context.clock.now())
      return eachDue(context, payouts, { table: 'payouts', atOnce }, async (payout) =>
        requestPayout(context, await accountOf(context, payout), payout),
      )
    })
    return sent.reduce((sum, count) => sum + count, 0)
  },
}

/** Whoever may no longer send money has nothing to send until they may again. */
function claimDue(part: Queryable, now: Date): Promise<Payout[]> {
  return part.query<Payout>(sql.named`
    with due as (select merchant_id, id from payouts p where send_at <= ${now}
      and exists (select from merchants m where m.id = p.merchant_id and m.payouts_enabled) order by send_at, id limit ${atOnce})
    update payouts p set send_at = null, requested_at = ${now}, check_at = ${outcomeDueAt(now)}, updated_at = ${now}
    from due where p.merchant_id = due.merchant_id and p.id = due.id and p.send_at is not null -- Asked again: another node may have been faster.
    returning p.*`)
}

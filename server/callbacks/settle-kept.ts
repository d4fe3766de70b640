import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { concurrently } from '../database/concurrently.ts'
import type { Sweep } from '../database/due.ts'
import { sql } from '../database/sql.ts'
import type { Callback } from '../payments/evidence.ts'
import type { TokenKind } from '../token.ts'
import { act } from './act.ts'
import type { TrustedArrival } from './act.ts'
import { arrivalOf } from './arrival.ts'

const leaseMs = 60_000
const batchSize = 256
const atOnce = 64
const attemptsMax = 10
const againMs = 5_000

type Kept = Callback & { kind: TokenKind; subject_id: string; attempts: number }

/**
 * Acts on the callbacks that were kept alone, because acting on them failed when they came, or the database was away. One that
 * fails ten times, over some hours, stays, with its problem, for a person.
 */
export const settleKept: Sweep = {
  name: 'callbacks',
  everyMs: 10_000,
  async run(context) {
    const callbacks = await claimDue(context)
    await concurrently(callbacks, atOnce, (callback) => settleOne(context, callback))
    return callbacks.length
  },
}

async function claimDue(context: Context): Promise<Kept[]> {
  const now = context.clock.now()
  return context.database.query<Kept>(sql`
    with due as (select merchant_id, id from callbacks where settle_at <= ${now} order by settle_at limit ${batchSize})
    update callbacks c set settle_at = ${later(now, leaseMs)}, attempts = c.attempts + 1
    from due where c.merchant_id = due.merchant_id and c.id = due.id and c.settle_at <= ${now} -- Asked again: another node may have been faster.
    returning c.*`)
}

/** The statement that acts on a callback marks its row as done, so that dying here makes nothing happen twice. */
async function settleOne(context: Context, kept: Kept): Promise<void> {
  try {
    const arrival: TrustedArrival = {
      ...arrivalOf(kept),
      merchant_id: kept.merchant_id,
      kind: kept.kind,
      subject_id: kept.subject_id,
    }
    await act(context, arrival)
  } catch (error) {
    context.log.error({ error, callback_id: kept.id }, 'A kept callback could not be settled.')
    const again = kept.attempts < attemptsMax ? later(context.clock.now(), againMs * 2 ** kept.attempts) : null
    await context.database.query(sql`
      update callbacks set settle_at = ${again}, problem = ${String(error)}
      where merchant_id = ${kept.merchant_id} and id = ${kept.id} and settle_at is not null`)
  }
}

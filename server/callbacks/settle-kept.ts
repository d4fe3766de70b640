import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { concurrently } from '../database/concurrently.ts'
import type { Sweep } from '../database/due.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { TokenKind } from '../token.ts'
import { act } from './act.ts'
import type { Acts } from './act.ts'
import { readArrival } from './arrival.ts'
import type { Callback } from './callback.ts'
import { accountOfSubject } from './subject.ts'

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
export function createSettleKept(acts: Acts): Sweep {
  return {
    name: 'callbacks',
    everyMs: 10_000,
    async run(context) {
      const callbacks = await claimDue(context)
      await concurrently(callbacks, atOnce, (callback) => settleOne(context, acts, callback))
      return callbacks.length
    },
  }
}

async function claimDue(context: Context): Promise<Kept[]> {
  const now = context.clock.now()
  return everywhere<Kept>(
    context.database,
    sql.named`
    with due as (select merchant_id, id from callbacks where settle_at <= ${now} order by settle_at limit ${batchSize})
    update callbacks c set settle_at = ${later(now, leaseMs)}, attempts = c.attempts + 1
    from due where c.merchant_id = due.merchant_id and c.id = due.id and c.settle_at <= ${now} -- Asked again: another node may have been faster.
    returning c.id, c.merchant_id, c.kind, c.subject_id, c.received_at, c.path, c.source_address, c.headers, c.body, c.attempts`,
  )
}

const couldNotBeActedOn = 'It could not be acted on; the log has the reason.'

/** The statement that acts on a callback marks its row as done, so that dying here makes nothing happen twice. */
async function settleOne(context: Context, acts: Acts, kept: Kept): Promise<void> {
  try {
    const account = await accountOfSubject(context, kept)
    if (!account) throw new Error('What its token names is not there.')
    const provider = providerOf(context, account)
    await act(context, acts, readArrival(provider, kept, { ...kept, provider: account.provider }))
  } catch (error) {
    context.log.error({ error, callback_id: kept.id }, 'A kept callback could not be settled.')
    const again = kept.attempts < attemptsMax ? later(context.clock.now(), againMs * 2 ** kept.attempts) : null
    await context.database.query(sql`
      update callbacks set settle_at = ${again}, problem = ${couldNotBeActedOn}
      where merchant_id = ${kept.merchant_id} and id = ${kept.id} and settle_at is not null`)
  }
}

import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import type { Sweep } from '../database/due.ts'
import { sql } from '../database/sql.ts'
import type { Callback } from '../payments/evidence.ts'
import type { TokenKind } from '../token.ts'
import { actOn } from './act.ts'

const leaseMs = 60_000
const batchSize = 100
const attemptsMax = 10

type Kept = Callback & { kind: TokenKind; subject_id: string; attempts: number }

/**
 * Acts on the callbacks that were kept alone, because acting on them failed when they came. One that fails ten times
 * stays, with its problem, for a person.
 */
export const settleKept: Sweep = {
  name: 'callbacks',
  everyMs: 10_000,
  async run(context) {
    const callbacks = await claimDue(context)
    for (const callback of callbacks) await settleOne(context, callback)
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

async function settleOne(context: Context, kept: Kept): Promise<void> {
  const done = async (problem: string | null) =>
    void (await context.database.query(sql`
      update callbacks set settle_at = null, problem = ${problem} where merchant_id = ${kept.merchant_id} and id = ${kept.id}`))
  try {
    const { received_at: at, path, kind, source_address, headers, body } = kept
    const json: unknown = JSON.parse(body.toString('utf8'))
    await actOn(context, {
      ...kept,
      at,
      path,
      kind,
      channel: 'result',
      source_address,
      headers,
      body,
      json,
      isFromSafaricom: false,
    })
    await done(null)
  } catch (error) {
    context.log.error({ error, callback_id: kept.id }, 'A kept callback could not be settled.')
    if (kept.attempts >= attemptsMax) await done((error as Error).message)
  }
}

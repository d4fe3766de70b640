import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { concurrently } from '../database/concurrently.ts'
import type { Sweep } from '../database/due.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import { accountOf } from '../merchants/account.ts'
import type { Refund } from './refund.ts'
import { settleRefund } from './settle.ts'

/** After this long without an outcome, the process that asked the provider counts as dead. */
const outcomeDueMs = 60_000
const firstCheckMs = 75_000
/** How long the provider itself still knows: what it has not told by then, a person must look up. */
const windowMs = 48 * 3_600_000
const pauseMs = 10_000
const batchSize = 50
const atOnce = 8

/** When a request whose outcome was never stored becomes one that nobody knows of. */
export function outcomeDueAt(createdAt: Date): Date {
  return later(createdAt, outcomeDueMs)
}

/** When a refund is first asked about: by then most results have come. */
export function firstCheckAt(acceptedAt: Date): Date {
  return later(acceptedAt, firstCheckMs)
}

/**
 * Asks what became of refunds whose outcome did not come, with growing gaps, in the end once a day. Time alone fails none of
 * them: each keeps its reservation until there is evidence, and after 48 hours is shown to a person.
 */
export const checkRefunds: Sweep = {
  name: 'refund checks',
  everyMs: 5_000,
  async run(context) {
    const refunds = await claimDue(context)
    await concurrently(refunds, atOnce, (refund) => checkRefund(context, refund))
    return refunds.length
  },
}

/** Makes the refund of a request due for a check, because somebody without power to settle it says that its outcome is there. */
export async function hastenRefundCheck(context: Context, conversationId: string): Promise<void> {
  const now = context.clock.now()
  await context.database.query(sql`
    update refunds set check_at = least(check_at, greatest(${now}, coalesce(checked_at, ${later(now, -pauseMs)}) + interval '10 seconds'))
    where conversation_id = ${conversationId} and status in ('created', 'pending') and check_at is not null`)
  context.signals.wake('refund checks')
}

async function claimDue(context: Context): Promise<Refund[]> {
  const now = context.clock.now()
  return context.database.query<Refund>(sql`
    with due as (select merchant_id, id from refunds where check_at <= ${now} order by check_at limit ${batchSize})
    update refunds r set checked_at = ${now}, checks = r.checks + 1, updated_at = ${now},
      check_at = ${now}::timestamptz + least(interval '1 day', greatest(interval '75 seconds', (${now}::timestamptz - r.created_at) / 2)),
      needs_attention = case when r.created_at <= ${later(now, -windowMs)} then coalesce(r.needs_attention, 'refund_unsettled')
        else r.needs_attention end
    from due where r.merchant_id = due.merchant_id and r.id = due.id and r.check_at <= ${now} -- Asked again: another node may have been faster.
    returning r.*`)
}

/** Only a request whose id is known can be asked about; the others live by their callback and by statements. */
async function checkRefund(context: Context, refund: Refund): Promise<void> {
  const learnt = refund.provider_outcome === null ? neverStored : await ask(context, refund)
  if (!learnt) return
  const at = context.clock.now()
  const { merchant_id, id } = refund
  await settleRefund(context, { ...learnt, id: newId(at), merchant_id, refund_id: id, at, verdict: null })
}

const neverStored = {
  source: 'ack',
  provider_outcome: 'unknown',
  message: 'The outcome of the request was never stored; it may have been carried out.',
} as const

async function ask(context: Context, refund: Refund) {
  const { merchant_id, id, provider, originator_conversation_id: request_id } = refund
  const account = await accountOf(context, refund)
  const { canAskStatus, askStatus } = context.providers[provider]!
  if (!request_id || !askStatus || !canAskStatus?.(account)) return undefined
  const { message, raw } = await askStatus(context, account, {
    subject: { kind: 'status', merchant_id, subject_id: id },
    request_id,
  })
  return {
    source: 'status',
    message: `Asked: ${message}`,
    raw: raw === undefined ? undefined : Buffer.from(raw),
  } as const
}

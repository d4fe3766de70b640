import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import { writeAudit } from '../access/audit.ts'
import { requireOwner } from '../access/owner.ts'
import { toShillings } from '../money.ts'
import { Problem } from '../problem.ts'
import type { Limits } from './limit.ts'

/**
 * Lets a merchant send money, up to a limit for each day in Nairobi. Also changes the limits of one who may already.
 * @throws a Problem unless an owner, or the operator of the machine, asks.
 */
export function enablePayouts(
  context: Context,
  { merchant_id, daily_limit_cents, approval_above_cents }: { merchant_id: string } & Limits,
): Promise<void> {
  const details = {
    daily_limit: toShillings(daily_limit_cents),
    approval_above: approval_above_cents === null ? null : toShillings(approval_above_cents),
  }
  return change(
    context,
    { merchant_id, action: 'payouts.enabled', details },
    sql`
    payouts_enabled = true, payout_daily_limit_cents = ${daily_limit_cents}, payout_approval_above_cents = ${approval_above_cents}`,
  )
}

/**
 * Ends it: nothing new is sent, nor what waits for approval. What is under way takes its course.
 * @throws a Problem unless an owner, or the operator of the machine, asks.
 */
export function disablePayouts(context: Context, merchant_id: string): Promise<void> {
  return change(context, { merchant_id, action: 'payouts.disabled', details: {} }, sql`payouts_enabled = false`)
}

async function change(
  context: Context,
  { merchant_id, action, details }: { merchant_id: string; action: string; details: Record<string, unknown> },
  assignments: Sql,
): Promise<void> {
  requireOwner(context, {
    said: 'Payouts are enabled, and their limits set, by an owner who shows their password in the dashboard.',
    byApi: 'Or on the machine itself: lango payouts enable --help',
  })
  await context.database.transaction(async (transaction) => {
    const changed = await transaction.maybe(
      sql`update merchants set ${assignments} where id = ${merchant_id} and deleted_at is null returning id`,
    )
    if (!changed) throw new Problem('not_found', 'There is no such merchant.')
    const subject = showId('mer', merchant_id)
    await writeAudit(transaction, context, { merchant_id, action, subject, details, isGrave: true })
  })
}

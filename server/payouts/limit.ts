import { sql } from '../database/sql.ts'
import type { Queryable, Transaction } from '../database/sql.ts'
import { showId } from '../id.ts'
import { formatKes } from '../money.ts'
import { Problem } from '../problem.ts'

/** What a merchant may send. */
export type Limits = {
  daily_limit_cents: number
  /** Whatever is more than this waits for a second person. Null: nothing does. */
  approval_above_cents: number | null
}

/** What a merchant may send; undefined where payouts are off. */
export async function limitsWhereOn(queryable: Queryable, merchant_id: string): Promise<Limits | undefined> {
  const { payouts_enabled, ...limits } = await queryable.one<Limits & { payouts_enabled: boolean }>(sql`
    select payouts_enabled, payout_daily_limit_cents as daily_limit_cents, payout_approval_above_cents as approval_above_cents
    from merchants where id = ${merchant_id}`)
  return payouts_enabled ? limits : undefined
}

/** The same. @throws a Problem when payouts are not enabled. */
export async function limitsOf(queryable: Queryable, merchant_id: string): Promise<Limits> {
  const limits = await limitsWhereOn(queryable, merchant_id)
  if (limits) return limits
  throw new Problem('payouts_disabled', {
    said: 'Payouts are off until an owner enables them, with a limit for each day, under Settings in the dashboard.',
    byApi: `Or on the machine itself: lango payouts enable --merchant ${showId('mer', merchant_id)} --daily-limit 100000`,
  })
}

type Counted = { merchant_id: string; environment: string; day: string; amount_cents: number; limits: Limits }

/**
 * Counts an amount against the limit of its day. One guarded statement on one row: the limit holds however many ask at once.
 * @throws a Problem when it would be exceeded.
 */
export async function countAgainstDay(
  transaction: Transaction,
  { merchant_id, environment, day, amount_cents, limits: { daily_limit_cents } }: Counted,
): Promise<void> {
  const counted = await transaction.maybe(sql`
    insert into payout_days as d (merchant_id, environment, day, used_cents)
    select ${merchant_id}, ${environment}, ${day}, ${amount_cents}::bigint where ${amount_cents}::bigint <= ${daily_limit_cents}::bigint
    on conflict (merchant_id, environment, day) do update set used_cents = d.used_cents + excluded.used_cents
      where d.used_cents + excluded.used_cents <= ${daily_limit_cents}::bigint
    returning used_cents`)
  if (counted) return
  const present = await transaction.maybe<{ used_cents: number }>(sql`
    select used_cents from payout_days where merchant_id = ${merchant_id} and environment = ${environment} and day = ${day}`)
  const left = Math.max(0, daily_limit_cents - (present?.used_cents ?? 0))
  throw new Problem(
    'payout_limit_exceeded',
    `Of the limit of ${formatKes(daily_limit_cents)} shillings a day, ${formatKes(left)} are left today. The day ends at midnight in Nairobi.`,
    'amount',
  )
}

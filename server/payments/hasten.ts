import type { Context } from '../context.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { hastened } from '../evidence/intervals.ts'

/**
 * Makes the payment of a provider's id due to be asked about, because somebody without the power to settle it says that its
 * outcome is there.
 */
export async function hastenPayment(context: Context, providerRef: string): Promise<void> {
  await everywhere(
    context.database,
    sql`
    update payments set check_at = ${hastened(context.clock.now())}
    where provider_ref = ${providerRef} and status in ('created', 'pending') and check_at is not null`,
  )
  context.signals.wake('checks')
}

/** The same of one payment, because its payer has come back from where it is paid. */
export async function hastenPaymentOf(
  context: Context,
  { merchant_id, id }: { merchant_id: string; id: string },
): Promise<void> {
  await context.database.query(sql`
    update payments set check_at = ${hastened(context.clock.now())}
    where merchant_id = ${merchant_id} and id = ${id} and status in ('created', 'pending') and requested_at is not null and check_at is not null`)
  context.signals.wake('checks')
}

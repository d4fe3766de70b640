import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Account } from '../accounts/account.ts'

/** Makes an account's next automatic reconciliation due now, where it has any. */
export async function reconcileSoon(context: Context, { id }: Account): Promise<void> {
  await context.database.query(sql`
    update provider_accounts set reconcile_at = ${context.clock.now()} where id = ${id} and reconcile_at > ${context.clock.now()}`)
  context.signals.wake('reconciliation')
}

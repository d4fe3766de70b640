import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { findAccounts } from '../accounts/find.ts'
import { dueWindow, startRun } from './start.ts'
import { claimDueRuns, workOn } from './continue.ts'
import type { Run } from './run.ts'

export const everyMs = 15 * 60_000
const accountsAtOnce = 20
const runsAtOnce = 4

/**
 * Compares the provider's records with the books, every quarter of an hour for each account that gives records, and goes on with
 * runs that were interrupted.
 */
export const reconcile: Sweep = {
  name: 'reconciliation',
  everyMs: 15_000,
  async run(context) {
    const begun = await beginDue(context)
    const left = await claimDueRuns(context, runsAtOnce)
    return eachDue(context, [...begun, ...left], { table: 'reconciliation_runs', atOnce: runsAtOnce }, (run) =>
      workOn(context, run),
    )
  },
}

/** Begins a run for each account that is due; the account is claimed by one node. What a run has not read is due again with the next. */
async function beginDue(context: Context): Promise<Run[]> {
  const now = context.clock.now()
  const claimed = await context.database.query<{ id: string }>(sql.named`
    with due as (select id from provider_accounts where reconcile_at <= ${now} order by reconcile_at limit ${accountsAtOnce})
    update provider_accounts a set reconcile_at = case when a.ended_at is null then ${later(now, everyMs)}::timestamptz end
    from due where a.id = due.id and a.reconcile_at <= ${now} -- Asked again: another node may have been faster.
    returning a.id`)
  const accounts = await findAccounts(
    context,
    claimed.map(({ id }) => id),
  )
  const runs: Run[] = []
  const standing = accounts.flatMap((account) => (account && !account.ended_at ? [account] : []))
  await eachDue(context, standing, { table: 'provider_accounts' }, async (account) => {
    if (!(await isUnderWay(context, account.id))) runs.push(await startRun(context, account, dueWindow(account, now)))
  })
  return runs
}

async function isUnderWay(context: Context, accountId: string): Promise<boolean> {
  const running = await everywhere(
    context.database,
    sql`
    select 1 from reconciliation_runs where work_at is not null and provider_account_id = ${accountId} and source = 'pull' limit 1`,
  )
  return running.length > 0
}

import { isOfAccount } from '../accounts/named.ts'
import type { Context } from '../context.ts'
import { listRows, ofMerchant } from '../api/list-rows.ts'
import type { EnvironmentFilter, Listing, Page } from '../api/list-rows.ts'
import { sql } from '../database/sql.ts'
import type { Mode } from '../access/key.ts'
import { Problem } from '../problem.ts'
import type { Run } from './run.ts'

/** One run. @throws a Problem when there is none of this merchant. */
export async function findRun(
  context: Context,
  { merchant_id, id, mode }: { merchant_id: string; id: string; mode: Mode },
): Promise<Run> {
  const run = await context.database.maybe<Run>(sql`
    select * from reconciliation_runs where merchant_id = ${merchant_id} and id = ${id} and (${mode} = 'live' or environment <> 'live')`)
  if (!run) throw new Problem('not_found', 'There is no such reconciliation run, or it is not yours.', 'id')
  return run
}

/** What a list of runs can be narrowed to. */
export type RunFilter = EnvironmentFilter & Partial<Pick<Run, 'source' | 'status'>> & { account?: string }

/** One page of a merchant's runs, newest first. */
export async function listRuns(context: Context, listing: Listing<RunFilter>): Promise<Page<Run>> {
  const { filter } = listing
  const where = [
    ...ofMerchant(listing),
    await isOfAccount(context, listing),
    filter.source && sql`source = ${filter.source}`,
    filter.status && sql`status = ${filter.status}`,
  ]
  return listRows<Run>(context, listing, { from: sql`reconciliation_runs`, where })
}

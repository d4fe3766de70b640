import type { Context } from '../context.ts'
import { join, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
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

/** One page of a merchant's runs, newest first; `before` is the last id of the page before it. */
export async function listRuns(
  context: Context,
  {
    merchant_id,
    mode,
    filter,
    limit,
    before,
  }: {
    merchant_id: string
    mode: Mode
    filter: Partial<Pick<Run, 'source' | 'status'>>
    limit: number
    before?: string
  },
): Promise<{ runs: Run[]; hasMore: boolean }> {
  const conditions = [
    sql`merchant_id = ${merchant_id}`,
    mode === 'test' && sql`environment <> 'live'`,
    before && sql`id < ${before}`,
    filter.source && sql`source = ${filter.source}`,
    filter.status && sql`status = ${filter.status}`,
  ].filter((condition): condition is Sql => Boolean(condition))
  const runs = await context.database.query<Run>(sql`
    select * from reconciliation_runs where ${join(conditions, sql` and `)} order by id desc limit ${limit + 1}`)
  return { runs: runs.slice(0, limit), hasMore: runs.length > limit }
}

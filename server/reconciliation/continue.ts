import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import { accountOf } from '../accounts/find.ts'
import { compare } from './compare.ts'
import { complete } from './complete.ts'
import { keepItems, itemOf } from './items.ts'
import { pagesOf, unmet } from './pages.ts'
import type { Run } from './run.ts'

const leaseMs = 120_000
const againMs = 30_000
const againMsMax = 15 * 60_000
const attemptsMax = 6
/** An account whose provider gives no records is asked again after this long, and not every quarter of an hour. */
const skippedMs = 6 * 3_600_000

/**
 * Reads the records of a run page by page, compares each page, and completes the run when there are no more. After an
 * interruption it goes on at the page that was not kept: what that page settled stays settled, and is found again.
 * Answers the run as it then is: still running where the provider did not answer.
 */
export async function workOn(context: Context, run: Run): Promise<Run> {
  if (run.attempts > attemptsMax) {
    return end(context, run, {
      status: 'failed',
      problem: run.problem ?? 'It broke off again and again; the log says why.',
    })
  }
  const account = await accountOf(context, run)
  const { read, statement } = await pagesOf(context, account, run)
  for (let current = run; ;) {
    const page = await read(current)
    // Whoever could not be reached has refused nothing.
    if (page.kind === 'unknown' || (page.kind === 'refused' && page.by === 'network'))
      return postpone(context, current, page.message)
    if (page.kind === 'refused') return giveUp(context, current, page.message)
    const records = current.source === 'pull' ? await unmet(context, current, page.records) : page.records
    // A provider that shows the same page again and again has no more to show.
    if (records.length === 0) return complete(context, account, current, statement)
    const comparisons = await compare(context, current, records)
    const items = records.map((record, index) => itemOf(record, comparisons[index]!))
    const kept = await keepItems(context, current, items, {
      read: page.records.length,
      lease: later(context.clock.now(), leaseMs),
    })
    // Another node works on this run, and was faster.
    if (!kept) return current
    current = kept
  }
}

/** Claims a run for this node: undefined when another one has it. */
export function claimRun(
  context: Context,
  { merchant_id, id }: Pick<Run, 'merchant_id' | 'id'>,
): Promise<Run | undefined> {
  const now = context.clock.now()
  return context.database.maybe<Run>(sql`
    update reconciliation_runs set work_at = ${later(now, leaseMs)}, attempts = attempts + 1
    where merchant_id = ${merchant_id} and id = ${id} and work_at <= ${now} returning *`)
}

/** The runs that are due: new, put off, or left behind by a node that died. */
export async function claimDueRuns(context: Context, limit: number): Promise<Run[]> {
  const now = context.clock.now()
  return context.database.query<Run>(sql`
    with due as (select merchant_id, id from reconciliation_runs where work_at <= ${now} order by work_at limit ${limit})
    update reconciliation_runs r set work_at = ${later(now, leaseMs)}, attempts = r.attempts + 1 from due
    where r.merchant_id = due.merchant_id and r.id = due.id and r.work_at <= ${now} -- Asked again: another node may have been faster.
    returning r.*`)
}

async function postpone(context: Context, run: Run, problem: string): Promise<Run> {
  if (run.attempts >= attemptsMax) return end(context, run, { status: 'failed', problem })
  const wait = Math.min(againMsMax, againMs * 2 ** run.attempts)
  return context.database.one<Run>(sql`
    update reconciliation_runs set work_at = ${later(context.clock.now(), wait)}, problem = ${problem}
    where merchant_id = ${run.merchant_id} and id = ${run.id} returning *`)
}

/** A provider that refuses the first page gives this account no records at all; one that refuses a later page failed in the middle. */
async function giveUp(context: Context, run: Run, problem: string): Promise<Run> {
  if (run.next_offset > 0 || run.attempts > 1) return end(context, run, { status: 'failed', problem })
  await context.database.query(sql`
    update provider_accounts set reconcile_problem = ${problem}, reconcile_at = ${later(context.clock.now(), skippedMs)}
    where id = ${run.provider_account_id} and reconcile_at is not null`)
  return end(context, run, { status: 'skipped', problem })
}

function end(
  context: Context,
  run: Run,
  { status, problem }: { status: 'failed' | 'skipped'; problem: string },
): Promise<Run> {
  return context.database.one<Run>(sql`
    update reconciliation_runs set status = ${status}, problem = ${problem}, work_at = null, completed_at = ${context.clock.now()}
    where merchant_id = ${run.merchant_id} and id = ${run.id} returning *`)
}

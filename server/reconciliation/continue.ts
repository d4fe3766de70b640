import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { isAway } from '../database/outage.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { accountOf } from '../accounts/find.ts'
import { Problem } from '../problem.ts'
import type { StatementReading } from '../providers/statement.ts'
import { compare } from './compare.ts'
import { complete } from './complete.ts'
import { done } from './deeds.ts'
import { itemOf, keepItems } from './items.ts'
import { keepTable } from './keep-table.ts'
import { openKept, providersPages, statementTableSize, unmet } from './pages.ts'
import type { ReadPage } from './pages.ts'
import type { Run } from './run.ts'
import { leaseMs } from './start.ts'

const againMs = 30_000
const againMsMax = 15 * 60_000
const attemptsMax = 6
/** An account whose provider gives no records is asked again after this long, and not every quarter of an hour. */
const skippedMs = 6 * 3_600_000

/**
 * Reads the records of a run page by page, compares each page, and completes the run when there are no more. After an
 * interruption it goes on at the page that was not kept: what that page settled stays settled, and is found again.
 * Answers the run as it then is: still running where the provider, or our database, did not answer. A statement that cannot be
 * compared fails at once, and with it the run: it would be no better the next time. Closes the reading that it was given.
 */
export async function workOn(context: Context, run: Run, given?: StatementReading): Promise<Run> {
  let reading = given
  try {
    if (run.attempts > attemptsMax)
      return await fail(context, run, run.problem ?? 'It broke off again and again; the log says why.')
    const account = await accountOf(context, run)
    if (!run.statement_id) return await readPages(context, run, providersPages(context, account))
    reading ??= await openKept(context, account, run)
    return await readTables(context, run, reading)
  } catch (error) {
    if (run.source === 'pull' || isAway(error)) throw error
    if (error instanceof Problem) return await fail(context, run, error.message)
    context.log.error({ error, run: run.id }, 'A statement could not be compared.')
    return await fail(context, run, 'It could not be compared, and was given up; the log says why.')
  } finally {
    reading?.close()
  }
}

/** Reads a statement. While one part of it is compared, the next is made ready. */
async function readTables(context: Context, run: Run, reading: StatementReading): Promise<Run> {
  const tableAt = (offset: number) => {
    const table = reading.table(offset, statementTableSize)
    // What is wrong with it is heard where it is awaited, or by nobody when it is wanted no longer.
    table.catch(() => {})
    return table
  }
  let next = tableAt(run.next_offset)
  for (let current = run; ;) {
    const table = await next
    if (table.count === 0) return complete(context, current, reading.statement)
    next = tableAt(current.next_offset + table.count)
    const kept = await keepTable(context, current, { table, reading })
    // Another node works on this run, and was faster.
    if (!kept) return current
    current = kept
  }
}

async function readPages(context: Context, run: Run, read: ReadPage): Promise<Run> {
  for (let current = run; ;) {
    const page = await read(current)
    // Whoever could not be reached has refused nothing.
    if (page.kind === 'unknown' || (page.kind === 'refused' && page.by === 'network'))
      return postpone(context, current, page.message)
    if (page.kind === 'refused') return giveUp(context, current, page.message)
    const records = await unmet(context, current, page.records)
    // A provider that shows the same page again and again has no more to show.
    if (records.length === 0) return complete(context, current)
    const comparisons = await compare(context, { run: current, deeds: done }, records)
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

/** The runs that are due: new, put off, or left behind by a node that died. */
export async function claimDueRuns(context: Context, limit: number): Promise<Run[]> {
  const now = context.clock.now()
  return everywhere<Run>(
    context.database,
    sql`
    with due as (select merchant_id, id from reconciliation_runs where work_at <= ${now} order by work_at limit ${limit})
    update reconciliation_runs r set work_at = ${later(now, leaseMs)}, attempts = r.attempts + 1 from due
    where r.merchant_id = due.merchant_id and r.id = due.id and r.work_at <= ${now} -- Asked again: another node may have been faster.
    returning r.*`,
  )
}

async function postpone(context: Context, run: Run, problem: string): Promise<Run> {
  if (run.attempts >= attemptsMax) return fail(context, run, problem)
  const wait = Math.min(againMsMax, againMs * 2 ** run.attempts)
  return context.database.one<Run>(sql`
    update reconciliation_runs set work_at = ${later(context.clock.now(), wait)}, problem = ${problem}
    where merchant_id = ${run.merchant_id} and id = ${run.id} returning *`)
}

/** A provider that refuses the first page gives this account no records at all; one that refuses a later page failed in the middle. */
async function giveUp(context: Context, run: Run, problem: string): Promise<Run> {
  if (run.next_offset > 0 || run.attempts > 1) return fail(context, run, problem)
  await context.database.query(sql`
    update provider_accounts set reconcile_problem = ${problem}, reconcile_at = ${later(context.clock.now(), skippedMs)}
    where id = ${run.provider_account_id} and reconcile_at is not null`)
  return end(context, run, { status: 'skipped', problem })
}

function fail(context: Context, run: Run, problem: string): Promise<Run> {
  return end(context, run, { status: 'failed', problem })
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

import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import type { Account } from '../accounts/account.ts'
import type { Run } from './run.ts'

const hourMs = 3_600_000
/** As far as the provider looks back. */
export const reachMs = 48 * hourMs
const usualMs = 2 * hourMs

/** What a run is to compare. A statement is read from where it is kept; all else is asked of the provider. */
export type Start = {
  from: Date
  until: Date
  note?: string
  statement_id?: string
  records_total?: number
  /** Who uploaded the statement vouches for it that all of its lines were completed. */
  assume_completed?: boolean
}

/** For so long a run is that of the node that works on it. */
export const leaseMs = 120_000

/**
 * Writes a run down, which is the caller's to work on. Should this process die, a sweep goes on with it when the lease is over.
 * Nothing is compared yet.
 */
export function startRun(context: Context, account: Account, start: Start): Promise<Run> {
  const { report: _, ...run } = runOf(context, account, start)
  return context.database.one<Run>(sql`
    insert into reconciliation_runs ${oneRow<Omit<Run, 'report'>>(run)} returning *`)
}

/** A run that begins now, as it would be written down. */
export function runOf(context: Context, account: Account, start: Start): Run {
  const { from, until, note, statement_id, records_total, assume_completed } = start
  const now = context.clock.now()
  return {
    merchant_id: account.merchant_id,
    id: newId(now),
    provider_account_id: account.id,
    provider: account.provider,
    environment: account.environment,
    source: statement_id ? 'statement' : 'pull',
    started_by: context.actor,
    status: 'running',
    window_from: from,
    window_until: until,
    statement_id: statement_id ?? null,
    next_offset: 0,
    note: note || null,
    problem: null,
    report: null,
    records_total: records_total ?? null,
    assume_completed: assume_completed ?? false,
    created_at: now,
    completed_at: null,
    work_at: later(now, leaseMs),
    attempts: 1,
    needs_attention: null,
    attention_since: null,
    attention_told: false,
  }
}

/**
 * The window that an account is due: the last two hours, or since the end of the last complete window where that is longer ago,
 * but no further than the provider looks back. What lies before that is noted: only a statement shows it.
 */
export function dueWindow({ reconciled_until }: Pick<Account, 'reconciled_until'>, now: Date): Start {
  const usual = later(now, -usualMs)
  const wanted = reconciled_until && reconciled_until < usual ? reconciled_until : usual
  const reach = later(now, -reachMs)
  if (wanted >= reach) return { from: wanted, until: now }
  const note = `M-Pesa looks back 48 hours. From ${wanted.toISOString()} to ${reach.toISOString()} nothing was compared: upload a statement of that time.`
  return { from: reach, until: now, note }
}

import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import type { Account } from '../accounts/account.ts'
import type { Run } from './run.ts'

const hourMs = 3_600_000
/** As far as the provider looks back. */
export const reachMs = 48 * hourMs
const usualMs = 2 * hourMs

/** What a run is to compare. A statement is read from where it is kept; all else is asked of the provider. */
export type Start = { from: Date; until: Date; statement_id?: string; note?: string }

/** Writes a run down, due now. Nothing is compared yet. */
export function startRun(context: Context, account: Account, { from, until, statement_id, note }: Start): Promise<Run> {
  const now = context.clock.now()
  return context.database.one<Run>(sql`
    insert into reconciliation_runs ${columns<Partial<Run>>({
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
      statement_id,
      note,
      created_at: now,
      work_at: now,
    })}
    returning *`)
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

import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import type { Statement } from '../providers/statement.ts'
import { tell } from '../events/tell.ts'
import { itemRows } from './items.ts'
import { factsOf, groupOf, mergeGroups, presentReport, whyDisagreeing } from './report.ts'
import type { Group, Report } from './report.ts'
import type { Run } from './run.ts'
import { findUnknownToProvider, flagUnknownToProvider, unflagKnown } from './unknown-to-provider.ts'

/**
 * Completes a run of which every page was read: the report, the end of the window, and one `reconciliation.mismatch` where the
 * two sides say different things, or the statement contradicts itself, in one statement. A statement also shows what we hold and
 * the provider does not know.
 */
export async function complete(context: Context, run: Run, statement?: Statement): Promise<Run> {
  await unflagKnown(context, run)
  const unknown = statement ? await findUnknownToProvider(context, run, statement) : []
  await flagUnknownToProvider(context, run, unknown)
  const report: Report = {
    groups: mergeGroups([...(await groupsOf(context, run)), ...unknown.map(groupOf)]),
    ...factsOf(statement),
  }
  const now = context.clock.now()
  const reasons = whyDisagreeing(report)
  const isMismatched = reasons.length > 0
  const completed = await context.database.maybe<Run>(sql`
    with done as (
      update reconciliation_runs set status = 'completed', report = ${JSON.stringify(report)}, completed_at = ${now}, work_at = null, problem = null,
        needs_attention = ${isMismatched ? reasons : null}::text[], attention_since = ${isMismatched ? now : null}
      where merchant_id = ${run.merchant_id} and id = ${run.id} and status = 'running' and next_offset = ${run.next_offset}
      returning *
    ),
    items as (${itemRows(unknown, run.next_offset, sql`done`)}),
    reached as (
      update provider_accounts a set reconciled_until = greatest(a.reconciled_until, d.window_until), reconcile_problem = null
      from done d
      where a.id = d.provider_account_id and d.source = 'pull'
        and (d.started_by = 'lango' or d.window_from <= a.reconciled_until)
    ),
    ${tell({
      noun: 'reconciliation',
      from: sql`(select merchant_id, id, environment, 'mismatch' as status, 1 as version from done where ${isMismatched}) s
        cross join (select ${newId(now)}::uuid as event_id, ${now}::timestamptz as at) f`,
      data: sql`${JSON.stringify(newsOf(run, report))}::json`,
    })}
    select * from done`)
  if (completed && isMismatched) context.signals.wake('deliveries')
  // Another node completed it, or read on.
  return completed ?? run
}

function groupsOf(context: Context, { merchant_id, id }: Run): Promise<Group[]> {
  return context.database.query<Group>(sql`
    select kind, direction, outcome, reason, count(*) as count, coalesce(sum(amount_cents), 0)::bigint as amount_cents
    from reconciliation_items where merchant_id = ${merchant_id} and run_id = ${id}
    group by kind, direction, outcome, reason order by kind, direction, outcome, reason`)
}

/** What an event says of a run in which the two sides say different things. */
function newsOf(run: Run, report: Report) {
  const { merchant_id, environment, provider, provider_account_id, source, window_from, window_until } = run
  return {
    run_id: showId('rec', run.id),
    merchant_id: showId('mer', merchant_id),
    environment,
    version: 1,
    provider,
    account: showId('acc', provider_account_id),
    source,
    from: window_from.toISOString(),
    until: window_until.toISOString(),
    report: presentReport(report),
  }
}

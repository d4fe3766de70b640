import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Kind } from '../attention/source.ts'
import type { LastBackup } from '../backup/save.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { recallOfInstallation } from '../database/installation.ts'
import { join, raw, sql } from '../database/sql.ts'
import { dueColumns } from '../doctor/due.ts'
import { look } from '../doctor/finding.ts'
import { countWaiting } from '../doctor/waiting.ts'
import { firstIdOf } from '../id.ts'

/** What a node and its installation can be asked by Prometheus, in the words that it understands. */
export type Metrics = { type: string; read(): Promise<string> }

const hourMs = 3_600_000
const countMax = 10_000

/**
 * Makes the metrics of a node: its process, its spool, and what the database says at the moment of asking. While that is away, the
 * process and `lango_up` 0 are told all the same.
 */
export function createMetrics(context: Context): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const gauges = Object.fromEntries(
    Object.entries(names).map(([name, [help, labelNames]]) => [
      name,
      new Gauge({ name, help, labelNames, registers: [register] }),
    ]),
  ) as Record<Name, Gauge>
  const read = async () => {
    for (const gauge of Object.values(gauges)) gauge.reset()
    tellConnections(context, gauges)
    await tellSpool(context, gauges)
    try {
      await tellDatabase(context, gauges)
      gauges.lango_up.set(1)
    } catch {
      gauges.lango_up.set(0)
    }
    return register.metrics()
  }
  // Two that ask at once, as a pair of Prometheus does, would begin the gauges anew under each other.
  let reading: Promise<string> | undefined
  return {
    type: register.contentType,
    read: () => (reading ??= read().finally(() => (reading = undefined))),
  }
}

/** Each metric, its sentence and its labels. */
const names = {
  lango_up: ['1 when the node reaches its database.', []],
  lango_payments_last_hour: [
    'Payments that began in the last hour, by what became of them.',
    ['environment', 'outcome'],
  ],
  lango_payment_delay_seconds: [
    'From the moment at which a payer paid, as the provider tells it, until the payment was completed; of the last hour.',
    ['quantile'],
  ],
  lango_due: ['Work whose time has come, ten thousand at most.', ['work']],
  lango_due_lag_seconds: ['For how long the oldest work has been due.', ['work']],
  lango_attention: ['What needs a person, ten thousand at most.', ['what']],
  lango_deliveries_failed_last_hour: ['Deliveries that were given up in the last hour.', []],
  lango_database_connections: ['Connections to the database, of all nodes.', ['state']],
  lango_pool_connections: ['Connections of this node to its database.', ['state']],
  lango_pool_waiting: ['Statements of this node that wait for a connection.', []],
  lango_database_overloaded_seconds: ['For how long this node has had more to ask of its database than it can.', []],
  lango_spool_callbacks: ['Callbacks that wait on the disk of this node for the database.', []],
  lango_spool_age_seconds: ['For how long the oldest of them has waited.', []],
  lango_backup_age_seconds: ['The age of the last backup that lango backup made.', []],
} as const satisfies Record<string, [string, string[]]>

type Name = keyof typeof names
type Gauges = Record<Name, Gauge>

function tellConnections({ database }: Context, gauges: Gauges): void {
  const { busy, idle, waiting, overloadedMs } = database.load()
  gauges.lango_pool_connections.set({ state: 'busy' }, busy)
  gauges.lango_pool_connections.set({ state: 'idle' }, idle)
  gauges.lango_pool_waiting.set(waiting)
  gauges.lango_database_overloaded_seconds.set(overloadedMs / 1000)
}

async function tellSpool({ spool, clock }: Context, gauges: Gauges): Promise<void> {
  const state = await spool?.state().catch(() => undefined)
  gauges.lango_spool_callbacks.set(state?.count ?? 0)
  const { oldest_at = null } = state ?? {}
  gauges.lango_spool_age_seconds.set(oldest_at ? (clock.now().getTime() - oldest_at.getTime()) / 1000 : 0)
}

async function tellDatabase(context: Context, gauges: Gauges): Promise<void> {
  const now = context.clock.now()
  await tellPayments(context, gauges)
  for (const { work, count, lag } of await dueNow(context)) {
    gauges.lango_due.set({ work }, count)
    gauges.lango_due_lag_seconds.set({ work }, lag)
  }
  for (const { kind, count } of await countWaiting(context, countMax))
    gauges.lango_attention.set({ what: called[kind] }, count)
  const [failed] = await look<{ count: number }>(
    context,
    sql`select count(*)::int as count from deliveries where status = 'failed' and id >= ${firstIdOf(later(now, -96 * hourMs))}
      and exists (select from delivery_attempts a where a.merchant_id = deliveries.merchant_id and a.delivery_id = deliveries.id
        and a.attempt = deliveries.attempts and a.at > ${later(now, -hourMs)})`,
  )
  gauges.lango_deliveries_failed_last_hour.set(failed!.count)
  const connections = await look<{ state: string; count: number }>(
    context,
    sql`select coalesce(state, 'other') as state, count(*)::int as count from pg_stat_activity where datname = current_database() group by 1`,
  )
  for (const { state, count } of connections) gauges.lango_database_connections.set({ state }, count)
  const last = await recallOfInstallation<LastBackup>(context.database, 'last_backup')
  if (last) gauges.lango_backup_age_seconds.set((now.getTime() - new Date(last.at).getTime()) / 1000)
}

async function tellPayments(context: Context, gauges: Gauges): Promise<void> {
  const since = firstIdOf(later(context.clock.now(), -hourMs))
  const outcomes = await look<{ environment: string; outcome: string; count: number }>(
    context,
    sql`select environment, case status when 'failed' then failure_code when 'created' then 'pending' else status end as outcome,
      count(*)::int as count from payments where id >= ${since} group by 1, 2`,
  )
  for (const { environment, outcome, count } of outcomes)
    gauges.lango_payments_last_hour.set({ environment, outcome }, count)
  const [delay] = await look<{ seconds: number[] | null }>(
    context,
    sql`select percentile_cont(array[0.5, 0.95, 0.99]) within group (order by extract(epoch from completed_at - paid_at)) as seconds
      from payments where id >= ${since} and completed_at >= paid_at`,
  )
  for (const [index, quantile] of ['0.5', '0.95', '0.99'].entries())
    gauges.lango_payment_delay_seconds.set({ quantile }, delay?.seconds?.[index] ?? 0)
}

function dueNow(context: Context): Promise<{ work: string; count: number; lag: number }[]> {
  const now = context.clock.now()
  const each = dueColumns.map(
    ([table, column, what]) => sql`
      select ${what}::text as work, count(*)::int as count, coalesce(extract(epoch from ${now}::timestamptz - min(at)), 0)::float8 as lag
      from (select ${raw(column)} as at from ${raw(table)} where ${raw(column)} <= ${now} order by ${raw(column)} limit ${countMax}) due`,
  )
  return look(context, join(each, sql` union all `))
}

/** What each kind is called here. */
const called: Record<Kind, string> = {
  payment: 'payments',
  refund: 'refunds',
  payout: 'payouts',
  outside_payment: 'payments made elsewhere',
  money_in: 'money',
  callback: 'callbacks',
  stray: 'strays',
  run: 'comparisons',
}

import { later } from '../clock.ts'
import type { AuditRow } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { columns, rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { shownId } from '../events/shown.ts'
import { showId } from '../id.ts'
import type { RecordedAttempt } from './delivery.ts'
import { gone, judged } from './judge.ts'
import { isSuccess } from './post.ts'
import type { Attempt } from './post.ts'
import { nextAttemptAt } from './retry.ts'

/**
 * Records how attempts went, any number in one statement: the deliveries, what was answered, and what it says of the endpoints.
 * A failed one is due again by the schedule. An endpoint that is disabled by it gets a notice.
 */
export async function recordAttempts(context: Context, attempts: Attempt[]): Promise<void[]> {
  const disabled = await context.database.query<{ merchant_id: string; id: string; because: string }>(sql.named`
    with made as (select * from ${attemptRows(attempts)}),
    delivered as (
      update deliveries d set attempts = greatest(d.attempts, m.attempt), status = m.result, attempt_at = m.attempt_at,
        last_status = m.status, last_error = m.error, delivered_at = case m.result when 'succeeded' then m.at else d.delivered_at end
      from made m
      where d.merchant_id = m.merchant_id and d.id = m.delivery_id and d.status = 'pending'
        -- After a lease ran out two nodes may have made the same attempt; then a success counts.
        and (d.attempts < m.attempt or m.result = 'succeeded')
    ),
    kept as (
      insert into delivery_attempts ${columns<RecordedAttempt & { merchant_id: string; delivery_id: string }>({
        merchant_id: sql`m.merchant_id`,
        delivery_id: sql`m.delivery_id`,
        attempt: sql`m.attempt`,
        at: sql`m.at`,
        status: sql`m.status`,
        error: sql`m.error`,
        response: sql`m.response`,
        duration_ms: sql`m.duration_ms`,
      })}
      from made m
      on conflict do nothing
    ),
    judged as (${judged(attempts)}),
    noticed as (${noticed})
    select merchant_id, id, disabled_because as because from judged where status = 'disabled'`)
  for (const { merchant_id, id, because } of disabled) {
    context.log.warn({ merchant_id, endpoint: showId('whe', id), because }, 'A webhook endpoint was disabled.')
  }
  return attempts.map(() => undefined)
}

function attemptRows(attempts: Attempt[]): Sql {
  const made = attempts.map((attempt) => ({
    merchant_id: attempt.merchant_id,
    delivery_id: attempt.delivery_id,
    attempt: attempt.attempt,
    at: attempt.at,
    status: attempt.status,
    error: attempt.error,
    response: attempt.response,
    duration_ms: attempt.duration_ms,
    ...resultOf(attempt),
  }))
  return rows(made, 'm', {
    merchant_id: 'uuid',
    delivery_id: 'uuid',
    attempt: 'int',
    at: 'timestamptz',
    status: 'int',
    error: 'text',
    response: 'text',
    duration_ms: 'int',
    result: 'text',
    attempt_at: 'timestamptz',
  })
}

const noticed = sql`
      insert into audit_log ${columns<AuditRow>({
        merchant_id: sql`merchant_id`,
        id: sql`notice_id`,
        at: sql`at`,
        mail_at: sql`null::timestamptz`,
        actor: sql`'lango'`,
        action: sql`'webhook_endpoint.disabled'`,
        subject: shownId('whe', sql`id`),
        details: sql`jsonb_build_object('because', disabled_because)`,
      })}
      from judged where status = 'disabled'`

type Result = { result: 'succeeded' | 'failed' | 'pending'; attempt_at: Date | null }

function resultOf({ status, attempt, at, duration_ms, retryAfter }: Attempt): Result {
  if (isSuccess(status)) return { result: 'succeeded', attempt_at: null }
  const next = status === gone ? undefined : nextAttemptAt(attempt, later(at, duration_ms), { retryAfter })
  return next ? { result: 'pending', attempt_at: next } : { result: 'failed', attempt_at: null }
}

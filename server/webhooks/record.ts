import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { isSuccess } from './post.ts'
import type { AttemptResult } from './post.ts'
import { nextAttemptAt } from './retry.ts'

/** An attempt that was made, the first being number 1. */
export type Attempt = AttemptResult & { merchant_id: string; delivery_id: string; endpoint_id: string; attempt: number }

const gone = 410
const failingMsMax = 5 * 24 * 60 * 60 * 1000

/**
 * Records how attempts went, any number in one statement: the deliveries, what was answered, and what it says of the endpoints.
 * A failed one is due again by the schedule. An endpoint that answers 410, or has failed for 5 days, is disabled, with a notice.
 */
export async function recordAttempts(context: Context, attempts: Attempt[]): Promise<void[]> {
  const results = attempts.map(resultOf)
  const endpoints = judge(attempts)
  const column = <Value>(value: (attempt: Attempt) => Value) => attempts.map(value)
  const disabled = await context.database.query<{ merchant_id: string; id: string; because: string }>(sql`
    with made as (
      select * from unnest(
        ${column((a) => a.merchant_id)}::uuid[], ${column((a) => a.delivery_id)}::uuid[], ${column((a) => a.attempt)}::int[],
        ${column((a) => a.at)}::timestamptz[], ${column((a) => a.status)}::int[], ${column((a) => a.error)}::text[],
        ${column((a) => a.response)}::text[], ${column((a) => a.duration_ms)}::int[],
        ${results.map((r) => r.status)}::text[], ${results.map((r) => r.attempt_at)}::timestamptz[]
      ) as m (merchant_id, delivery_id, attempt, at, status, error, response, duration_ms, result, attempt_at)
    ),
    delivered as (
      update deliveries d set attempts = greatest(d.attempts, m.attempt), status = m.result, attempt_at = m.attempt_at,
        last_status = m.status, last_error = m.error, delivered_at = case m.result when 'succeeded' then m.at else d.delivered_at end
      from made m
      where d.merchant_id = m.merchant_id and d.id = m.delivery_id and d.status = 'pending'
        -- After a lease ran out two nodes may have made the same attempt; then a success counts.
        and (d.attempts < m.attempt or m.result = 'succeeded')
    ),
    kept as (
      insert into delivery_attempts (merchant_id, delivery_id, attempt, at, status, error, response, duration_ms)
      select merchant_id, delivery_id, attempt, at, status, error, response, duration_ms from made
      on conflict do nothing
    ),
    judged as (
      update webhook_endpoints w set
        failing_since = case when j.succeeded then null else coalesce(w.failing_since, j.at) end,
        status = case when j.is_gone or w.failing_since <= j.hopeless_since and not j.succeeded then 'disabled' else w.status end,
        disabled_because = case when j.is_gone then 'It answered 410 Gone.'
          when w.failing_since <= j.hopeless_since and not j.succeeded then 'It has failed for 5 days.' end,
        updated_at = j.at
      from unnest(
        ${endpoints.map((e) => e.merchant_id)}::uuid[], ${endpoints.map((e) => e.id)}::uuid[],
        ${endpoints.map((e) => e.succeeded)}::boolean[], ${endpoints.map((e) => e.isGone)}::boolean[],
        ${endpoints.map((e) => e.at)}::timestamptz[], ${endpoints.map((e) => later(e.at, -failingMsMax))}::timestamptz[],
        ${endpoints.map((e) => newId(e.at))}::uuid[]
      ) as j (merchant_id, id, succeeded, is_gone, at, hopeless_since, notice_id)
      where w.merchant_id = j.merchant_id and w.id = j.id and w.status = 'enabled'
        -- Most attempts change nothing about their endpoint, and then its row is not touched.
        and (j.is_gone or (j.succeeded and w.failing_since is not null)
          or (not j.succeeded and coalesce(w.failing_since <= j.hopeless_since, true)))
      returning w.merchant_id, w.id, w.status, w.disabled_because, j.at, j.notice_id
    ),
    noticed as (
      insert into audit_log (merchant_id, id, at, actor, action, subject, details)
      select merchant_id, notice_id, at, 'lango', 'webhook_endpoint.disabled', 'whe_' || replace(id::text, '-', ''),
        jsonb_build_object('because', disabled_because)
      from judged where status = 'disabled'
    )
    select merchant_id, id, disabled_because as because from judged where status = 'disabled'`)
  for (const { merchant_id, id, because } of disabled) {
    context.log.warn({ merchant_id, endpoint: showId('whe', id), because }, 'A webhook endpoint was disabled.')
  }
  return attempts.map(() => undefined)
}

type Result = { status: 'succeeded' | 'failed' | 'pending'; attempt_at: Date | null }

function resultOf({ status, attempt, at, duration_ms, retryAfter }: Attempt): Result {
  if (isSuccess(status)) return { status: 'succeeded', attempt_at: null }
  const next = status === gone ? undefined : nextAttemptAt(attempt, later(at, duration_ms), { retryAfter })
  return next ? { status: 'pending', attempt_at: next } : { status: 'failed', attempt_at: null }
}

type Judgement = { merchant_id: string; id: string; succeeded: boolean; isGone: boolean; at: Date }

/** What a batch says of each endpoint: one judgement for one row, in the order in which every node locks them. */
function judge(attempts: Attempt[]): Judgement[] {
  const judgements = new Map<string, Judgement>()
  for (const { merchant_id, endpoint_id: id, status, at } of attempts) {
    const judgement = judgements.get(id) ?? { merchant_id, id, succeeded: false, isGone: false, at }
    judgement.succeeded ||= isSuccess(status)
    judgement.isGone ||= status === gone
    judgements.set(id, judgement)
  }
  return [...judgements.values()].sort((left, right) =>
    left.merchant_id + left.id < right.merchant_id + right.id ? -1 : 1,
  )
}

import { later } from '../clock.ts'
import { rows, set } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import { isNews, pausedAfter, strikesAfter } from './breaker.ts'
import type { Endpoint } from './endpoint.ts'
import { isSuccess } from './post.ts'
import type { Attempt } from './post.ts'

/** The answer of an endpoint that wants to be told nothing more. */
export const gone = 410

const failingMsMax = 5 * 24 * 60 * 60 * 1000

/**
 * What attempts say of their endpoints: the update of those about which they say something. One that answers 410, or has failed for
 * 5 days, is disabled; one that has failed several times in a row is left alone for a while.
 */
export function judged(attempts: Attempt[]): Sql {
  const judgements = judge(attempts).map((judgement) => ({
    ...judgement,
    hopeless_since: later(judgement.at, -failingMsMax),
    notice_id: newId(judgement.at),
  }))
  const changes = set<Endpoint>(
    {
      failing_since: sql`case when j.succeeded then null else coalesce(w.failing_since, j.at) end`,
      strikes: sql`after.strikes`,
      paused_until: sql`case when after.because is null then ${pausedAfter} end`,
      status: sql`case when after.because is null then w.status else 'disabled' end`,
      disabled_because: sql`after.because`,
      updated_at: sql`case when after.because is null then w.updated_at else j.at end`,
    },
    sql`from (select ${strikesAfter} as strikes, ${because} as because) after`,
  )
  return sql`
    update webhook_endpoints w ${changes}
    from ${rows(judgements, 'j', {
      merchant_id: 'uuid',
      id: 'uuid',
      succeeded: 'boolean',
      is_gone: 'boolean',
      failures: 'int',
      at: 'timestamptz',
      ended_at: 'timestamptz',
      hopeless_since: 'timestamptz',
      notice_id: 'uuid',
    })}
    where w.merchant_id = j.merchant_id and w.id = j.id and w.status = 'enabled'
      -- Most attempts change nothing about their endpoint, and then its row is not touched.
      and (j.is_gone or (j.succeeded and w.failing_since is not null)
        or (not j.succeeded and coalesce(w.failing_since <= j.hopeless_since, true)) or ${isNews})
    returning w.merchant_id, w.id, w.status, w.disabled_because, j.at, j.notice_id`
}

const because = sql`case
  when j.is_gone then 'It answered 410 Gone.'
  when w.failing_since <= j.hopeless_since and not j.succeeded then 'It has failed for 5 days.' end`

type Judgement = {
  merchant_id: string
  id: string
  succeeded: boolean
  is_gone: boolean
  failures: number
  /** When the last of them began, and when it ended. */
  at: Date
  ended_at: Date
}

/** What a batch says of each endpoint: one judgement for one row, in the order in which every node locks them. */
function judge(attempts: Attempt[]): Judgement[] {
  const judgements = new Map<string, Judgement>()
  for (const { merchant_id, endpoint_id: id, status, at, duration_ms } of attempts) {
    const ended_at = later(at, duration_ms)
    const before = judgements.get(id) ?? { succeeded: false, is_gone: false, failures: 0, at, ended_at }
    judgements.set(id, {
      merchant_id,
      id,
      succeeded: before.succeeded || isSuccess(status),
      is_gone: before.is_gone || status === gone,
      failures: before.failures + (isSuccess(status) ? 0 : 1),
      at: before.at > at ? before.at : at,
      ended_at: before.ended_at > ended_at ? before.ended_at : ended_at,
    })
  }
  return [...judgements.values()].sort((left, right) =>
    left.merchant_id + left.id < right.merchant_id + right.id ? -1 : 1,
  )
}

import { set } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { attention, decided } from '../evidence/effect.ts'
import { interval, pauseMs } from '../evidence/intervals.ts'
import { effect } from './effect.ts'
import type { Refund } from './refund.ts'

/** Why a person must look at it from now on. */
const reason = sql`case
  when effect in ('contradicts', 'mismatch', 'unreadable_amount', 'wrong_amount', 'receipt_used', 'second_receipt') then effect
  when effect = 'failed' and f.failure_code = 'already_reversed' then 'already_reversed' end`

/** What its outcome has answered. */
const over = [
  sql`case when effect in ('completed', 'failed') then 'refund_unsettled' end`,
  sql`case when effect in ('completed', 'failed') and reason is null then 'already_reversed' end`,
]

/** What becomes of refund `r` by evidence `f`. */
export const changes = set<Refund>(
  {
    last_effect: sql`effect`,
    status: sql`case when effect in ('completed', 'failed') then effect
      when r.status = 'created' and f.provider_outcome is not null then 'pending' else r.status end`,
    version: sql`r.version + (effect in ('completed', 'failed'))::int`,
    settled_by: sql`case when effect in ('completed', 'failed') then f.id else r.settled_by end`,
    late: sql`case when effect = 'completed' then r.status = 'failed' else r.late end`,
    payment_id: sql`coalesce(r.payment_id, f.payment_id, case when r.of_money then (select m.payment_id from money_in m
      where m.merchant_id = r.merchant_id and m.provider = r.provider and m.environment = r.environment and m.receipt = r.payment_receipt) end)`,
    provider_outcome: sql`case when effect in ('mismatch', 'doubted') then r.provider_outcome
      when 'accepted' in (f.provider_outcome, r.provider_outcome) then 'accepted'
      else coalesce(f.provider_outcome, r.provider_outcome) end`,
    was_unknown: sql`r.was_unknown or coalesce(f.provider_outcome = 'unknown', false)`,
    provider_receipt: sql`case when effect in ('completed', 'receipt') then coalesce(f.receipt, r.provider_receipt)
      else r.provider_receipt end`,
    originator_conversation_id: sql`case when effect in ('mismatch', 'doubted') then r.originator_conversation_id
      else coalesce(r.originator_conversation_id, f.originator_conversation_id) end`,
    conversation_id: sql`case when effect in ('mismatch', 'doubted') then r.conversation_id
      else coalesce(r.conversation_id, f.conversation_id) end`,
    failure_code: sql`case effect when 'failed' then f.failure_code when 'completed' then null else r.failure_code end`,
    failure_message: sql`case effect when 'failed' then f.message when 'completed' then null else r.failure_message end`,
    failure_provider_code: sql`case effect when 'failed' then f.provider_code when 'completed' then null
      else r.failure_provider_code end`,
    ...attention('r'),
    completed_at: sql`case effect when 'completed' then greatest(f.gone_at, r.created_at) else r.completed_at end`,
    failed_at: sql`case effect when 'failed' then f.at else r.failed_at end`,
    check_at: sql`case when effect in ('completed', 'failed') or r.status not in ('created', 'pending') then null
      when effect in ('mismatch', 'doubted') or (effect = 'unreadable_amount' and f.source = 'callback')
        then greatest(f.at, r.checked_at + ${interval(pauseMs)})
      else coalesce(f.check_at, r.check_at) end`,
    // Whoever paid is told once, by a sweep.
    mail_at: sql`case effect when 'completed' then f.at else r.mail_at end`,
    updated_at: sql`f.at`,
  },
  decided('r', { effect, reason, over }),
)

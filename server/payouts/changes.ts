import { set } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { attention, decided } from '../evidence/effect.ts'
import { interval, pauseMs } from '../evidence/intervals.ts'
import { effect } from './effect.ts'
import type { Payout } from './payout.ts'

/** Why a person must look at it from now on. */
const reason = sql`case
  when effect in ('contradicts', 'mismatch', 'unreadable_amount', 'wrong_amount', 'receipt_used', 'second_receipt', 'part_returned') then effect
  when effect = 'returned' then 'payout_reversed'
  else f.needs_attention end`

/** What its outcome has answered. */
const over = [sql`case when effect in ('completed', 'failed') then 'payout_unsettled' end`]

/** What becomes of payout `p` by evidence `f`. */
export const changes = set<Payout>(
  {
    last_effect: sql`effect`,
    status: sql`case when effect in ('completed', 'failed', 'returned') then effect
      when p.status = 'created' and f.provider_outcome is not null then 'pending' else p.status end`,
    version: sql`p.version + (effect in ('completed', 'failed', 'returned'))::int`,
    settled_by: sql`case when effect in ('completed', 'failed', 'returned') then f.id else p.settled_by end`,
    late: sql`case when effect = 'completed' then p.status = 'failed' else p.late end`,
    provider_outcome: sql`case when effect in ('mismatch', 'doubted') then p.provider_outcome
      when 'accepted' in (f.provider_outcome, p.provider_outcome) then 'accepted'
      else coalesce(f.provider_outcome, p.provider_outcome) end`,
    originator_conversation_id: sql`case when effect in ('mismatch', 'doubted') then p.originator_conversation_id
      else coalesce(p.originator_conversation_id, f.originator_conversation_id) end`,
    conversation_id: sql`case when effect in ('mismatch', 'doubted') then p.conversation_id
      else coalesce(p.conversation_id, f.conversation_id) end`,
    provider_receipt: sql`case when effect in ('completed', 'receipt') then f.receipt else p.provider_receipt end`,
    receiver_name: sql`case when effect in ('completed', 'receipt') then coalesce(f.receiver_name, p.receiver_name)
      else p.receiver_name end`,
    failure_code: sql`case effect when 'failed' then f.failure_code when 'completed' then null else p.failure_code end`,
    failure_message: sql`case effect when 'failed' then f.message when 'completed' then null else p.failure_message end`,
    failure_provider_code: sql`case effect when 'failed' then f.provider_code when 'completed' then null
      else p.failure_provider_code end`,
    ...attention('p'),
    paid_at: sql`case when effect in ('completed', 'receipt') then coalesce(f.paid_at, p.paid_at, f.at) else p.paid_at end`,
    completed_at: sql`case effect when 'completed' then f.at else p.completed_at end`,
    failed_at: sql`case effect when 'failed' then f.at else p.failed_at end`,
    returned_at: sql`case effect when 'returned' then f.returned_at else p.returned_at end`,
    check_at: sql`case when effect in ('completed', 'failed') or p.status not in ('created', 'pending') then null
      -- What a question was answered with does not make the next one due: the answer may come from there for ever.
      when effect in ('mismatch', 'doubted', 'unreadable_amount') and f.source = 'callback' then greatest(f.at, p.checked_at + ${interval(pauseMs)})
      else coalesce(f.check_at, p.check_at) end`,
    updated_at: sql`f.at`,
  },
  decided('p', { effect, reason, over }),
)

import { callbackRows } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import { deliveriesOfTold } from '../events/tell.ts'
import { payoutEventBody } from './payout-event.ts'
import type { PayoutEvidence } from './settle.ts'

/**
 * The one statement that settles payouts, at most one fact for each. The effect is decided in the update itself, from the
 * target's own columns: under READ COMMITTED only these are read again after waiting for another node.
 */
export function settlement(context: Context, facts: PayoutEvidence[]): Sql {
  const now = context.clock.now()
  const column = <Value>(value: (fact: PayoutEvidence) => Value) => facts.map(value)
  return sql`
    with facts as (
      select * from unnest(
        ${column((f) => f.merchant_id)}::uuid[], ${column((f) => f.payout_id)}::uuid[], ${column((f) => f.id)}::uuid[],
        ${column((f) => f.source)}::text[], ${column((f) => f.verdict)}::text[], ${column((f) => f.failure_code)}::text[],
        ${column((f) => f.message)}::text[], ${column((f) => f.provider_code)}::text[], ${column((f) => f.receipt)}::text[],
        ${column((f) => f.amount_cents)}::bigint[], ${column((f) => f.paid_at)}::timestamptz[], ${column((f) => f.receiver_name)}::text[],
        ${column((f) => f.conversation_id)}::text[], ${column((f) => f.originator_conversation_id)}::text[],
        ${column((f) => f.provider_outcome)}::text[], ${column((f) => f.check_at)}::timestamptz[],
        ${column((f) => f.needs_attention)}::text[], ${column((f) => f.at)}::timestamptz[], ${column((f) => f.raw)}::bytea[],
        ${column((f) => f.callback?.id ?? f.callback_id)}::uuid[], ${column((f) => f.doubt)}::text[],
        ${column(() => newId(now))}::uuid[]
      ) as f (merchant_id, payout_id, id, source, verdict, failure_code, message, provider_code, receipt, amount_cents, paid_at,
        receiver_name, conversation_id, originator_conversation_id, provider_outcome, check_at, needs_attention, at, raw, callback_id,
        doubt, event_id)
    ),
    settled as (
      update payouts p set (
        last_effect, status, version, settled_by, late, provider_outcome, originator_conversation_id, conversation_id,
        provider_receipt, receiver_name, failure_code, failure_message, failure_provider_code, needs_attention,
        paid_at, completed_at, failed_at, check_at, updated_at
      ) = (
        select
          effect,
          case when effect in ('completed', 'failed') then effect
            when p.status = 'created' and f.provider_outcome is not null then 'pending' else p.status end,
          p.version + (effect in ('completed', 'failed'))::int,
          case when effect in ('completed', 'failed') then f.id else p.settled_by end,
          case when effect = 'completed' then p.status = 'failed' else p.late end,
          case when effect in ('mismatch', 'doubted') then p.provider_outcome
            when 'accepted' in (f.provider_outcome, p.provider_outcome) then 'accepted'
            else coalesce(f.provider_outcome, p.provider_outcome) end,
          case when effect in ('mismatch', 'doubted') then p.originator_conversation_id
            else coalesce(p.originator_conversation_id, f.originator_conversation_id) end,
          case when effect in ('mismatch', 'doubted') then p.conversation_id else coalesce(p.conversation_id, f.conversation_id) end,
          case when effect in ('completed', 'receipt') then f.receipt else p.provider_receipt end,
          case when effect in ('completed', 'receipt') then coalesce(f.receiver_name, p.receiver_name) else p.receiver_name end,
          case effect when 'failed' then f.failure_code when 'completed' then null else p.failure_code end,
          case effect when 'failed' then f.message when 'completed' then null else p.failure_message end,
          case effect when 'failed' then f.provider_code when 'completed' then null else p.failure_provider_code end,
          case when effect in ('contradicts', 'mismatch', 'wrong_amount', 'receipt_used', 'second_receipt') then effect
            when effect in ('completed', 'failed') and p.needs_attention = 'payout_unsettled' then null
            else coalesce(p.needs_attention, f.needs_attention) end,
          case when effect in ('completed', 'receipt') then coalesce(f.paid_at, p.paid_at, f.at) else p.paid_at end,
          case effect when 'completed' then f.at else p.completed_at end,
          case effect when 'failed' then f.at else p.failed_at end,
          case when effect in ('completed', 'failed') or p.status not in ('created', 'pending') then null
            -- What a question was answered with does not make the next one due: the answer may come from there for ever.
            when effect in ('mismatch', 'doubted') and f.source = 'callback' then greatest(f.at, p.checked_at + interval '10 seconds')
            else coalesce(f.check_at, p.check_at) end,
          f.at
        from (select case
          when p.conversation_id <> f.conversation_id then 'mismatch'
          when f.doubt = 'forged' or (f.doubt = 'outside' and p.environment = 'live') then 'doubted'
          when f.verdict is null then 'informed'
          when f.verdict = 'failure' then case
            when p.status = 'completed' then 'contradicts'
            when p.status = 'failed' then 'informed'
            else 'failed' end
          when p.status = 'completed' and (f.receipt is null or f.receipt = p.provider_receipt) then 'informed'
          when f.amount_cents <> p.amount_cents then 'wrong_amount'
          when exists (select from payouts o where o.merchant_id = p.merchant_id and o.provider = p.provider
            and o.environment = p.environment and o.provider_receipt = f.receipt and o.id <> p.id) then 'receipt_used'
          when p.status <> 'completed' then 'completed'
          when p.provider_receipt is null then 'receipt'
          else 'second_receipt'
        end) as decided (effect)
      )
      from facts f
      where p.merchant_id = f.merchant_id and p.id = f.payout_id
      returning p.*, f.id as evidence_id
    ),
    counted as (
      update payout_days d set used_cents = d.used_cents + c.cents
      from (
        select merchant_id, environment, counted_on, sum(case last_effect when 'failed' then -amount_cents else amount_cents end)::bigint as cents
        from settled where last_effect = 'failed' or (last_effect = 'completed' and late)
        group by merchant_id, environment, counted_on
      ) c
      where d.merchant_id = c.merchant_id and d.environment = c.environment and d.day = c.counted_on
    ),
    told as (
      insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
      select s.merchant_id, f.event_id, 'payout.' || s.status, s.id, s.version,
        case s.environment when 'live' then 'live' else 'test' end, ${payoutEventBody}, f.at
      from settled s join facts f on f.id = s.evidence_id
      where s.settled_by = f.id
      on conflict do nothing
      returning *
    ),
    to_deliver as (${deliveriesOfTold}),
    bodies as (${callbackRows(facts.flatMap(({ callback }) => callback ?? []))}),
    learnt as (
      insert into evidence (merchant_id, id, subject, subject_id, source, verdict, effect, provider_code, message, receipt, amount_cents, callback_id, raw, at)
      select f.merchant_id, f.id, 'payout', f.payout_id, f.source, f.verdict, coalesce(s.last_effect, 'no_payout'),
        f.provider_code, f.message, f.receipt, f.amount_cents, f.callback_id, f.raw, f.at
      from facts f left join settled s on s.evidence_id = f.id
    )
    select f.id, coalesce(s.last_effect, 'no_payout') as effect, f.payout_id
    from facts f left join settled s on s.evidence_id = f.id`
}

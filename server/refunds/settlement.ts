import { callbackRows } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import { paymentEventBody } from '../payments/payment-event.ts'
import { deliveriesOfTold } from '../events/tell.ts'
import { refundEventBody } from './refund-event.ts'
import type { RefundEvidence } from './settle.ts'

/**
 * The one statement that settles refunds, at most one fact for each. The effect is decided in the update itself, from the
 * target's own columns: under READ COMMITTED only these are read again after waiting for another node.
 */
export function settlement(context: Context, facts: RefundEvidence[]): Sql {
  const now = context.clock.now()
  const column = <Value>(value: (fact: RefundEvidence) => Value) => facts.map(value)
  return sql`
    with facts as (
      select * from unnest(
        ${column((f) => f.merchant_id)}::uuid[], ${column((f) => f.refund_id)}::uuid[], ${column((f) => f.id)}::uuid[],
        ${column((f) => f.source)}::text[], ${column((f) => f.verdict)}::text[], ${column((f) => f.failure_code)}::text[],
        ${column((f) => f.message)}::text[], ${column((f) => f.provider_code)}::text[], ${column((f) => f.receipt)}::text[],
        ${column((f) => f.original_receipt)}::text[], ${column((f) => f.amount_cents)}::bigint[],
        ${column((f) => f.conversation_id)}::text[], ${column((f) => f.originator_conversation_id)}::text[],
        ${column((f) => f.provider_outcome)}::text[], ${column((f) => f.payment_id)}::uuid[], ${column((f) => f.check_at)}::timestamptz[],
        ${column((f) => f.at)}::timestamptz[], ${column((f) => f.gone_at ?? f.at)}::timestamptz[], ${column((f) => f.raw)}::bytea[], ${column((f) => f.callback?.id)}::uuid[],
        ${column((f) => f.doubt)}::text[],
        ${column(() => newId(now))}::uuid[], ${column(() => newId(now))}::uuid[], ${column(() => newId(now))}::uuid[]
      ) as f (merchant_id, refund_id, id, source, verdict, failure_code, message, provider_code, receipt, original_receipt, amount_cents,
        conversation_id, originator_conversation_id, provider_outcome, payment_id, check_at, at, gone_at, raw, callback_id, doubt,
        event_id, payment_event_id, payment_evidence_id)
    ),
    settled as (
      update refunds r set (
        last_effect, status, version, settled_by, late, payment_id, provider_outcome, was_unknown, provider_receipt,
        originator_conversation_id, conversation_id, failure_code, failure_message, failure_provider_code, needs_attention,
        completed_at, failed_at, check_at, updated_at
      ) = (
        select
          effect,
          case when effect in ('completed', 'failed') then effect
            when r.status = 'created' and f.provider_outcome is not null then 'pending' else r.status end,
          r.version + (effect in ('completed', 'failed'))::int,
          case when effect in ('completed', 'failed') then f.id else r.settled_by end,
          case when effect = 'completed' then r.status = 'failed' else r.late end,
          coalesce(r.payment_id, f.payment_id),
          case when effect in ('mismatch', 'doubted') then r.provider_outcome
            when 'accepted' in (f.provider_outcome, r.provider_outcome) then 'accepted'
            else coalesce(f.provider_outcome, r.provider_outcome) end,
          r.was_unknown or coalesce(f.provider_outcome = 'unknown', false),
          case when effect in ('completed', 'receipt') then coalesce(f.receipt, r.provider_receipt) else r.provider_receipt end,
          case when effect in ('mismatch', 'doubted') then r.originator_conversation_id
            else coalesce(r.originator_conversation_id, f.originator_conversation_id) end,
          case when effect in ('mismatch', 'doubted') then r.conversation_id else coalesce(r.conversation_id, f.conversation_id) end,
          case effect when 'failed' then f.failure_code when 'completed' then null else r.failure_code end,
          case effect when 'failed' then f.message when 'completed' then null else r.failure_message end,
          case effect when 'failed' then f.provider_code when 'completed' then null else r.failure_provider_code end,
          case when effect in ('contradicts', 'mismatch', 'wrong_amount', 'receipt_used', 'second_receipt') then effect
            when effect = 'failed' and f.failure_code = 'already_reversed' then 'already_reversed'
            when effect in ('completed', 'failed') and r.needs_attention in ('refund_unsettled', 'already_reversed') then null
            else r.needs_attention end,
          case effect when 'completed' then f.gone_at else r.completed_at end,
          case effect when 'failed' then f.at else r.failed_at end,
          case when effect in ('completed', 'failed') or r.status not in ('created', 'pending') then null
            when effect in ('mismatch', 'doubted') then greatest(f.at, r.checked_at + interval '10 seconds')
            else coalesce(f.check_at, r.check_at) end,
          f.at
        from (select case
          when r.conversation_id <> f.conversation_id or r.payment_receipt <> f.original_receipt then 'mismatch'
          when f.doubt = 'forged' or (f.doubt = 'outside' and r.environment = 'live') then 'doubted'
          when f.verdict is null then 'informed'
          -- All of it had gone back before: by the request of which nobody knew whether it arrived, if that was for all of it,
          -- and nothing else explains where it went.
          when f.verdict = 'failure' and not (f.failure_code = 'already_reversed' and (r.status = 'completed' or r.was_unknown
            and exists (select from payments p where p.merchant_id = r.merchant_id and p.id = r.payment_id
              and p.received_cents = r.amount_cents)
            and not exists (select from refunds o where o.merchant_id = r.merchant_id and o.payment_receipt = r.payment_receipt
              and o.provider = r.provider and o.environment = r.environment and o.id <> r.id and o.status <> 'failed'))) then case
            when r.status in ('created', 'pending') then 'failed'
            when r.status = 'failed' then 'informed'
            else 'contradicts' end
          when r.status = 'completed' and r.payment_id is null and f.payment_id is not null then 'linked'
          when r.status = 'completed' and (f.receipt is null or f.receipt = r.provider_receipt) then 'informed'
          when f.amount_cents <> r.amount_cents then 'wrong_amount'
          when exists (select from refunds o where o.merchant_id = r.merchant_id and o.provider = r.provider
            and o.environment = r.environment and o.provider_receipt = f.receipt and o.id <> r.id) then case when r.status = 'completed' then 'informed' else 'receipt_used' end
          when r.status <> 'completed' then 'completed'
          when r.provider_receipt is null then 'receipt'
          else 'second_receipt'
        end) as decided (effect)
      )
      from facts f
      where r.merchant_id = f.merchant_id and r.id = f.refund_id
      returning r.*, f.id as evidence_id, f.payment_evidence_id, f.gone_at
    ),
    moved as (
      select merchant_id, payment_id,
        coalesce(sum(amount_cents) filter (where last_effect <> 'failed'), 0)::bigint as back,
        -- What was found at the portal had reserved nothing, and what succeeds after failure has given its reservation back.
        coalesce(sum(amount_cents) filter (where origin <> 'portal' and (last_effect = 'failed' or not late)), 0)::bigint as released,
        bool_or(last_effect = 'failed' and failure_code = 'already_reversed') as is_doubtful,
        (array_agg(payment_evidence_id order by payment_evidence_id desc) filter (where last_effect <> 'failed'))[1] as evidence_id,
        max(gone_at) as gone_at
      from settled where last_effect in ('completed', 'failed', 'linked') and payment_id is not null
      group by merchant_id, payment_id
    ),
    given_back as (
      update payments p set (status, version, settled_by, refunded_cents, reserved_cents, needs_attention, reversed_at, updated_at) = (
        select
          case when is_whole then 'reversed' else p.status end,
          p.version + is_whole::int,
          case when is_whole then m.evidence_id else p.settled_by end,
          refunded,
          -- A success after failure takes what another refund may have reserved since.
          greatest(0, least(p.reserved_cents - m.released, p.received_cents - refunded)),
          case when p.refunded_cents + m.back > p.received_cents then 'refunded_beyond_received'
            when m.is_doubtful then coalesce(p.needs_attention, 'already_reversed')
            when is_whole and p.needs_attention = 'already_reversed' then null
            else p.needs_attention end,
          case when is_whole then m.gone_at else p.reversed_at end,
          ${now}::timestamptz
        from (select
          least(p.received_cents, p.refunded_cents + m.back) as refunded,
          p.status = 'completed' and m.back > 0 and p.refunded_cents + m.back >= p.received_cents as is_whole
        ) as decided
      )
      from moved m where p.merchant_id = m.merchant_id and p.id = m.payment_id
      returning p.*
    ),
    taken_back as (
      update money_in i set
        reversed_cents = least(i.amount_cents, i.reversed_cents + b.cents),
        reversed_by = case when i.reversed_cents + b.cents >= i.amount_cents then coalesce(b.receipt, i.reversed_by) else i.reversed_by end,
        reversed_at = case when i.reversed_cents + b.cents >= i.amount_cents then coalesce(i.reversed_at, b.gone_at) else i.reversed_at end
      from (
        select merchant_id, provider, environment, payment_receipt, max(provider_receipt) as receipt, max(gone_at) as gone_at,
          coalesce(sum(amount_cents) filter (where last_effect = 'completed'), 0)::bigint as cents
        from settled where last_effect in ('completed', 'receipt') group by merchant_id, provider, environment, payment_receipt
      ) b
      where i.merchant_id = b.merchant_id and i.provider = b.provider and i.environment = b.environment and i.receipt = b.payment_receipt
    ),
    told as (
      insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
      select s.merchant_id, f.event_id, 'refund.' || s.status, s.id, s.version,
        case s.environment when 'live' then 'live' else 'test' end, ${refundEventBody}, f.at
      from settled s join facts f on f.id = s.evidence_id
      where s.settled_by = f.id
      union all
      select s.merchant_id, f.event_id, 'payment.' || s.status, s.id, s.version,
        case s.environment when 'live' then 'live' else 'test' end, ${paymentEventBody}, f.at
      from given_back s join (select payment_evidence_id as id, payment_event_id as event_id, at from facts) f on f.id = s.settled_by
      on conflict do nothing
      returning *
    ),
    to_deliver as (${deliveriesOfTold}),
    bodies as (${callbackRows(facts.flatMap(({ callback }) => callback ?? []))}),
    learnt as (
      insert into evidence (merchant_id, id, subject, subject_id, source, verdict, effect, provider_code, message, receipt, amount_cents, callback_id, raw, at)
      select f.merchant_id, f.id, 'refund', f.refund_id, f.source, f.verdict, coalesce(s.last_effect, 'no_refund'),
        f.provider_code, f.message, f.receipt, f.amount_cents, f.callback_id, f.raw, f.at
      from facts f left join settled s on s.evidence_id = f.id
      union all
      select s.merchant_id, f.payment_evidence_id, 'payment', s.payment_id, f.source, null,
        case when g.settled_by = f.payment_evidence_id then 'reversed' else 'refunded' end,
        f.provider_code, 'refund ref_' || replace(s.id::text, '-', ''), s.provider_receipt, s.amount_cents, f.callback_id, null, f.at
      from settled s join facts f on f.id = s.evidence_id
      join given_back g on g.merchant_id = s.merchant_id and g.id = s.payment_id
      where s.last_effect in ('completed', 'linked')
      on conflict do nothing
    )
    select f.id, coalesce(s.last_effect, 'no_refund') as effect, f.refund_id, s.payment_id
    from facts f left join settled s on s.evidence_id = f.id`
}

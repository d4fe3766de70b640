import type { Context } from '../context.ts'
import { callbackRows, storeCallbacks } from '../callbacks/store.ts'
import { newId } from '../id.ts'
import { settleByHalves } from '../database/halves.ts'
import type { Statement } from '../database/halves.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { deliveriesOfTold } from '../events/tell.ts'
import { rounds } from './evidence.ts'
import { paymentEventBody } from './payment-event.ts'
import type { PaymentEvidence, Fact } from './evidence.ts'

/** What one piece of evidence did to its payment. */
export type PaymentEffect =
  | 'completed'
  | 'failed'
  /** It named the receipt of a payment that was completed without one. */
  | 'receipt'
  /** It changed nothing, or said what was known. */
  | 'informed'
  /** It says failure where money has moved: kept, and shown to a person. */
  | 'contradicts'
  /** It names another request of the provider than this payment's: it settles nothing, and a check is due. */
  | 'mismatch'
  /** It came from an address that is not the provider's, for a live payment: it settles nothing until a check confirms it. */
  | 'doubted'
  /** Its amount, or its receipt, is not one that this payment can be completed with. */
  | 'wrong_amount'
  | 'receipt_used'
  | 'second_receipt'
  /** There is no such payment. */
  | 'no_payment'
  /** It could not be stored with the rest; its raw body was, alone. */
  | 'set_aside'

type Row = { id: string; effect: PaymentEffect }

/**
 * Settles any number of payments by what was learnt about them; one payment is a batch of one.
 * Status, money in, evidence, raw bodies, events and deliveries of each are one statement, so one transaction. Safe to repeat:
 * money counts by receipt, and each status that a payment enters has one event. No bad row can fail the others.
 * Answers what each piece did, in order. Nothing else in Lango marks a payment paid.
 * @throws only when the database cannot be reached; then nothing was stored.
 */
export async function settlePayments(context: Context, batch: PaymentEvidence[]): Promise<PaymentEffect[]> {
  const statement: Statement<Fact, Row> = {
    run: (facts) => context.database.query(settlement(context, facts)),
    setAside: (fact, error) => setAside(context, fact, error),
  }
  const effects = new Map<string, PaymentEffect>()
  for (const round of rounds(batch))
    for (const { id, effect } of await settleByHalves(context, round, statement)) effects.set(id, effect)
  const told = batch.filter(({ id }) => ['completed', 'failed', 'receipt'].includes(effects.get(id)!))
  if (told.length > 0) {
    context.signals.wake('deliveries')
    for (const { payment_id } of told) context.signals.changed(payment_id)
  }
  return batch.map(({ id }) => effects.get(id)!)
}

/** Settles one piece of evidence together with whatever else is being settled at this moment. */
export function settlePayment(context: Context, evidence: PaymentEvidence): Promise<PaymentEffect> {
  return context.gather(settlePayments, evidence)
}

async function setAside(context: Context, { evidence, repeats }: Fact, error: Error): Promise<Row[]> {
  context.log.error({ error, payment_id: evidence.payment_id }, 'Evidence that cannot be stored was set aside.')
  const pieces = [evidence, ...repeats]
  for (const { callback } of pieces)
    if (callback) await storeCallbacks(context, [{ ...callback, problem: error.message }])
  await context.database.query(sql`
    update payments set needs_attention = coalesce(needs_attention, 'unreadable_evidence'), updated_at = ${evidence.at}
    where merchant_id = ${evidence.merchant_id} and id = ${evidence.payment_id}`)
  return pieces.map(({ id }) => ({ id, effect: 'set_aside' }))
}

/**
 * The one statement. The effect is decided in the update itself, from the target's own columns: under READ COMMITTED only these
 * are read again after waiting for another node, while whatever is read beside them may be stale.
 */
function settlement(context: Context, round: Fact[]): Sql {
  const now = context.clock.now()
  const pieces = round.flatMap(({ evidence, repeats }) => [
    { ...evidence, leads: true },
    ...repeats.map((repeat) => ({ ...repeat, leads: false })),
  ])
  const callbacks = pieces.flatMap(({ callback }) => callback ?? [])
  const column = <Value>(value: (piece: (typeof pieces)[number]) => Value) => pieces.map(value)
  return sql`
    with facts as (
      select * from unnest(
        ${column((e) => e.merchant_id)}::uuid[], ${column((e) => e.payment_id)}::uuid[], ${column((e) => e.id)}::uuid[],
        ${column((e) => e.leads)}::boolean[], ${column((e) => e.source)}::text[], ${column((e) => e.verdict)}::text[],
        ${column((e) => e.failure_code)}::text[], ${column((e) => e.message)}::text[], ${column((e) => e.provider_code)}::text[],
        ${column((e) => e.receipt)}::text[], ${column((e) => e.amount_cents)}::bigint[], ${column((e) => e.paid_at)}::timestamptz[],
        ${column((e) => e.provider_ref)}::text[], ${column((e) => e.merchant_request_id)}::text[],
        ${column((e) => e.provider_outcome)}::text[], ${column((e) => e.check_at)}::timestamptz[],
        ${column((e) => e.at)}::timestamptz[], ${column((e) => e.raw)}::bytea[], ${column((e) => e.callback?.id ?? e.callback_id)}::uuid[],
        ${column((e) => e.doubt)}::text[],
        ${column(() => newId(now))}::uuid[], ${column(() => newId(now))}::uuid[]
      ) as f (merchant_id, payment_id, id, leads, source, verdict, failure_code, message, provider_code, receipt, amount_cents, paid_at,
        provider_ref, merchant_request_id, provider_outcome, check_at, at, raw, callback_id, doubt, event_id, money_id)
    ),
    settled as (
      update payments p set (
        last_effect, status, version, settled_by, late, provider_outcome, provider_ref, merchant_request_id, provider_receipt,
        received_cents, failure_code, failure_message, failure_provider_code, needs_attention,
        paid_at, completed_at, failed_at, check_at, receipt_due_at, updated_at
      ) = (
        select
          effect,
          case when effect in ('completed', 'failed') then effect
            when p.status = 'created' and f.provider_outcome is not null then 'pending' else p.status end,
          p.version + (effect in ('completed', 'failed'))::int,
          case when effect in ('completed', 'failed') then f.id else p.settled_by end,
          case when effect = 'completed' then p.status = 'failed' else p.late end,
          case when 'accepted' in (f.provider_outcome, p.provider_outcome) then 'accepted'
            else coalesce(f.provider_outcome, p.provider_outcome) end,
          case when effect = 'doubted' then p.provider_ref else coalesce(p.provider_ref, f.provider_ref) end,
          case when effect = 'doubted' then p.merchant_request_id else coalesce(p.merchant_request_id, f.merchant_request_id) end,
          case when effect in ('completed', 'receipt') then f.receipt else p.provider_receipt end,
          p.received_cents + case when effect in ('completed', 'receipt') and f.receipt is not null
            then coalesce(f.amount_cents, p.amount_cents + p.commission_cents) else 0 end,
          case effect when 'failed' then f.failure_code when 'completed' then null else p.failure_code end,
          case effect when 'failed' then f.message when 'completed' then null else p.failure_message end,
          case effect when 'failed' then f.provider_code when 'completed' then null else p.failure_provider_code end,
          case when effect in ('contradicts', 'mismatch', 'wrong_amount', 'receipt_used', 'second_receipt') then effect
            when effect = 'failed' and f.failure_code = 'no_evidence' then 'no_evidence'
            -- The attempt that failed has come late, and the one after it is paid as well.
            when effect = 'completed' and (p.status = 'failed' or p.retry_of is not null) and exists (select from payments o
              where o.merchant_id = p.merchant_id and (o.id = p.retry_of or o.retry_of = p.id) and o.status = 'completed')
              then 'paid_twice'
            when effect = 'completed' and p.needs_attention = 'no_evidence' then null
            when effect = 'receipt' and p.needs_attention = 'receipt_awaited' then null else p.needs_attention end,
          case when effect in ('completed', 'receipt') then coalesce(f.paid_at, p.paid_at, f.at) else p.paid_at end,
          case effect when 'completed' then f.at else p.completed_at end,
          case effect when 'failed' then f.at else p.failed_at end,
          case when effect in ('completed', 'failed') or p.status not in ('created', 'pending') then null
            when effect in ('mismatch', 'doubted') then greatest(f.at, p.checked_at + interval '10 seconds')
            else coalesce(f.check_at, p.check_at) end,
          case when effect = 'completed' and f.receipt is null then f.at + interval '1 minute'
            when effect in ('completed', 'receipt') then null else p.receipt_due_at end,
          f.at
        from (select case
          when p.provider_ref <> f.provider_ref then 'mismatch'
          when f.doubt = 'forged' or (f.doubt = 'outside' and p.environment = 'live') then 'doubted'
          when f.verdict is null then 'informed'
          when f.verdict = 'failure' then case
            when p.status in ('created', 'pending') then 'failed'
            when p.status = 'failed' then 'informed'
            else 'contradicts' end
          when f.receipt = p.provider_receipt then 'informed'
          when p.status = 'reversed' or (p.status = 'completed' and f.receipt is null) then 'informed'
          when f.amount_cents <> p.amount_cents + p.commission_cents then 'wrong_amount'
          when exists (select from money_in m where m.merchant_id = p.merchant_id and m.provider = p.provider
            and m.environment = p.environment and m.receipt = f.receipt and m.payment_id <> p.id) then 'receipt_used'
          when p.status <> 'completed' then 'completed'
          when p.provider_receipt is null then 'receipt'
          else 'second_receipt'
        end offset 0) as decided (effect) -- Not pulled up: else it would be computed for each column.
      )
      from facts f
      where f.leads and p.merchant_id = f.merchant_id and p.id = f.payment_id
      returning p.*, f.id as evidence_id, f.at, f.verdict, f.event_id, f.money_id,
        f.receipt as named_receipt, f.amount_cents as named_amount_cents, f.paid_at as named_paid_at
    ),
    money as (
      insert into money_in (merchant_id, provider, environment, receipt, id, provider_account_id, amount_cents, payment_id,
        named_payment_id, phone, reference, unmatched_because, paid_at, created_at)
      select s.merchant_id, s.provider, s.environment, s.named_receipt, s.money_id, s.provider_account_id,
        coalesce(s.named_amount_cents, s.amount_cents + s.commission_cents),
        case when s.provider_receipt = s.named_receipt then s.id end, s.id, s.phone, s.sent_reference,
        case when s.provider_receipt = s.named_receipt then null else s.last_effect end, coalesce(s.named_paid_at, s.at), s.at
      from settled s
      where s.verdict = 'success' and s.named_receipt is not null and s.last_effect not in ('mismatch', 'doubted', 'receipt_used')
      on conflict (merchant_id, provider, environment, receipt) do update
        set payment_id = excluded.payment_id, named_payment_id = excluded.named_payment_id, unmatched_because = null, candidates = null, match_at = null
        where money_in.payment_id is null and excluded.payment_id is not null
    ),
    told as (
      insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
      select s.merchant_id, s.event_id, 'payment.' || s.status, s.id, s.version,
        case s.environment when 'live' then 'live' else 'test' end, ${paymentEventBody}, f.at
      from settled s cross join lateral (select s.event_id, s.at) f
      where s.settled_by = s.evidence_id
      on conflict do nothing
      returning *
    ),
    to_deliver as (${deliveriesOfTold}),
    bodies as (${callbackRows(callbacks)}),
    learnt as (
      insert into evidence (merchant_id, id, subject_id, source, verdict, effect, provider_code, message, receipt, amount_cents, callback_id, raw, at)
      select f.merchant_id, f.id, f.payment_id, f.source, f.verdict,
        case when f.leads then coalesce(s.last_effect, 'no_payment') else 'informed' end,
        f.provider_code, f.message, f.receipt, f.amount_cents, f.callback_id, f.raw, f.at
      from facts f left join settled s on s.evidence_id = f.id
    )
    select f.id, case when f.leads then coalesce(s.last_effect, 'no_payment') else 'informed' end as effect
    from facts f left join settled s on s.evidence_id = f.id`
}

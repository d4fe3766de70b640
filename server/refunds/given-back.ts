import { columns, set } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { EvidenceRow } from '../evidence/learnt.ts'
import { attentionBy, withReason, withoutReasons } from '../evidence/attention.ts'
import { shownId } from '../events/shown.ts'
import type { Payment } from '../payments/payment.ts'

/** What the refunds that were settled mean for each payment: what is back with its payer, and what no longer waits to go. */
export const moved = sql`
      select merchant_id, payment_id,
        coalesce(sum(amount_cents) filter (where last_effect <> 'failed'), 0)::bigint as back,
        -- What was found at the portal had reserved nothing, and what succeeds after failure has given its reservation back;
        -- what was reserved on the money is given back there.
        coalesce(sum(amount_cents) filter (where origin <> 'portal' and not of_money and (last_effect = 'failed' or not late)), 0)::bigint as released,
        bool_or(last_effect = 'failed' and failure_code = 'already_reversed') as is_doubtful,
        (array_agg(payment_evidence_id order by payment_evidence_id desc) filter (where last_effect <> 'failed'))[1] as evidence_id,
        max(gone_at) as gone_at
      from settled where last_effect in ('completed', 'failed', 'linked') and payment_id is not null
      group by merchant_id, payment_id`

const reason = sql`case when p.refunded_cents + m.back > p.received_cents then 'refunded_beyond_received'
  when m.is_doubtful then 'already_reversed' end`
const over = [sql`case when is_whole then 'already_reversed' end`]

/** The update of the payments `p` by what has `moved`. One of which all is back is `reversed`. */
export function givenBack(now: Date): Sql {
  const changes = set<Payment>(
    {
      status: sql`case when is_whole then 'reversed' else p.status end`,
      version: sql`p.version + is_whole::int`,
      settled_by: sql`case when is_whole then m.evidence_id else p.settled_by end`,
      refunded_cents: sql`refunded`,
      allocated_cents: sql`least(p.allocated_cents, p.amount_cents + p.commission_cents - refunded)`,
      // A success after failure takes what another refund may have reserved since.
      reserved_cents: sql`greatest(0, least(p.reserved_cents - m.released, p.received_cents - refunded))`,
      ...attentionBy('p', sql`reasons`, sql`${now}::timestamptz`),
      reversed_at: sql`case when is_whole then m.gone_at else p.reversed_at end`,
      updated_at: sql`${now}::timestamptz`,
    },
    sql`from (select *, ${withoutReasons(withReason('p', reason), over)} as reasons from (select
        least(p.received_cents, p.refunded_cents + m.back) as refunded,
        p.status = 'completed' and m.back > 0 and p.refunded_cents + m.back >= p.received_cents as is_whole
      ) as first offset 0) as decided`,
  )
  return sql`
      update payments p ${changes}
      from moved m where p.merchant_id = m.merchant_id and p.id = m.payment_id
      returning p.*`
}

/** The update of the money that came: by receipt, how much of it went back, by which receipt the last of it, and what still waits to go. */
export const takenBack = sql`
      update money_in i set
        reversed_cents = least(i.amount_cents, i.reversed_cents + b.cents),
        -- A success after failure takes what another refund may have reserved since.
        reserved_cents = greatest(0, least(i.reserved_cents - b.released, i.amount_cents - i.reversed_cents - b.cents)),
        reversed_by = case when i.reversed_cents + b.cents >= i.amount_cents then coalesce(b.receipt, i.reversed_by) else i.reversed_by end,
        reversed_at = case when i.reversed_cents + b.cents >= i.amount_cents then coalesce(i.reversed_at, b.gone_at) else i.reversed_at end
      from (
        select merchant_id, provider, environment, payment_receipt, max(provider_receipt) as receipt, max(gone_at) as gone_at,
          coalesce(sum(amount_cents) filter (where last_effect = 'completed'), 0)::bigint as cents,
          coalesce(sum(amount_cents) filter (where of_money and (last_effect = 'failed' or last_effect = 'completed' and not late)), 0)::bigint as released
        from settled where last_effect in ('completed', 'receipt') or (of_money and last_effect = 'failed') group by merchant_id, provider, environment, payment_receipt
      ) b
      where i.merchant_id = b.merchant_id and i.provider = b.provider and i.environment = b.environment and i.receipt = b.payment_receipt`

/** The insert of what the payments' own evidence says of it. */
export const learntOfPayments = sql`
      insert into evidence ${columns<EvidenceRow>({
        merchant_id: sql`s.merchant_id`,
        id: sql`f.payment_evidence_id`,
        subject: sql`'payment'`,
        subject_id: sql`s.payment_id`,
        source: sql`f.source`,
        verdict: sql`null`,
        effect: sql`case when g.settled_by = f.payment_evidence_id then 'reversed' else 'refunded' end`,
        provider_code: sql`f.provider_code`,
        message: sql`'refund ' || ${shownId('ref', sql`s.id`)}`,
        receipt: sql`s.provider_receipt`,
        amount_cents: sql`s.amount_cents`,
        callback_id: sql`f.callback_id`,
        raw: sql`null`,
        at: sql`f.at`,
      })}
      from settled s join facts f on f.id = s.evidence_id
      join given_back g on g.merchant_id = s.merchant_id and g.id = s.payment_id
      where s.last_effect in ('completed', 'linked')`

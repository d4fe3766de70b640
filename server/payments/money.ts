import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Payment } from './payment.ts'

/** Money of one receipt as it is entered with its payment. */
type Entered = Pick<
  Payment,
  'merchant_id' | 'provider' | 'environment' | 'id' | 'provider_account_id' | 'amount_cents'
> &
  Pick<Payment, 'phone' | 'paid_at' | 'created_at'> & {
    receipt: string
    kind: string
    payment_id: string | null
    named_payment_id: string
    reference: string
    unmatched_because: string | null
  }

const isOwn = sql`(s.provider_receipt = s.named_receipt or s.named_receipt = any (s.part_receipts))`

/**
 * The insert of the money that evidence of success names, to stand beside `settled`. Money is counted by receipt: what does not
 * complete its payment is never dropped, it is money that no payment explains; and what came in unexplained is given to the payment
 * that it turns out to be of.
 */
export const money = sql`
      insert into money_in ${columns<Entered>({
        merchant_id: sql`s.merchant_id`,
        provider: sql`s.provider`,
        environment: sql`s.environment`,
        receipt: sql`s.named_receipt`,
        id: sql`s.money_id`,
        provider_account_id: sql`s.provider_account_id`,
        amount_cents: sql`coalesce(s.named_amount_cents, s.amount_cents + s.commission_cents)`,
        kind: sql`case when s.paid_total_cents is null then 'stk' else 'other' end`,
        payment_id: sql`case when ${isOwn} then s.id end`,
        named_payment_id: sql`s.id`,
        phone: sql`s.phone`,
        reference: sql`s.sent_reference`,
        unmatched_because: sql`case when ${isOwn} then null else s.last_effect end`,
        paid_at: sql`coalesce(s.named_paid_at, s.at)`,
        created_at: sql`s.at`,
      })}
      from settled s
      where s.verdict = 'success' and s.named_receipt is not null and s.last_effect not in ('mismatch', 'doubted', 'unreadable_amount', 'receipt_used')
      on conflict (merchant_id, provider, environment, receipt) do update
        set payment_id = excluded.payment_id, named_payment_id = excluded.named_payment_id, unmatched_because = null, candidates = null, match_at = null
        where money_in.payment_id is null and excluded.payment_id is not null`

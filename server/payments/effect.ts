import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'

/** What one piece of evidence did to its payment. */
export type PaymentEffect =
  | 'completed'
  /** It is completed by money of which was told before: another payment had been made of it, and is folded into this one. */
  | 'took_over'
  | 'failed'
  /** It is one of several receipts, which do not reach the amount yet. */
  | 'part_paid'
  /** It named the receipt of a payment that was completed without one. */
  | 'receipt'
  /** It changed nothing, or said what was known. */
  | 'informed'
  /** It says failure where money has moved: kept, and shown to a person. */
  | 'contradicts'
  /** It names another request of the provider than this payment's: it settles nothing, and a check is due. */
  | 'mismatch'
  /** A check must confirm it first: it came from an address that is not the provider's, for a live payment; or whatever is posted proves nothing. */
  | 'doubted'
  /** It tells an amount that cannot be read: it settles nothing, and a check is due. */
  | 'unreadable_amount'
  /** Its amount, or its receipt, is not one that this payment can be completed with. */
  | 'wrong_amount'
  | 'receipt_used'
  | 'second_receipt'
  /** There is no such payment. */
  | 'no_payment'
  /** It could not be stored with the rest; its raw body was, alone. */
  | 'set_aside'

/** What evidence cannot be taken for more than it is. */
const unproven = sql`
      when p.provider_ref <> f.provider_ref then 'mismatch'
      when f.doubt in ('forged', 'unconfirmed') or (f.doubt = 'outside' and p.environment = 'live') then 'doubted'`

/** The rules of a payment's life, in SQL: what evidence `f` does to payment `p` is what the first says that holds. */
export const effect = effectOf(sql`'completed'`)

/** As much of them as concerns evidence without a verdict. */
export const effectOfLearning = sql`case ${unproven} else 'informed' end`

/** The same for a payment that takes over a receipt of which was told before. */
export const effectOfTaking = effectOf(sql`'took_over'`)

function effectOf(success: Sql): Sql {
  return sql`case ${unproven}
      -- No verdict is no verdict.
      when f.verdict is null then 'informed'
      -- Failure never overrides success.
      when f.verdict = 'failure' and p.status in ('created', 'pending') then 'failed'
      when f.verdict = 'failure' and p.status = 'failed' then 'informed'
      when f.verdict = 'failure' then 'contradicts'
      -- Success wins from any state but reversed, if amount and receipt are the payment's own.
      when f.receipt = p.provider_receipt then 'informed'
      when f.receipt = any (p.part_receipts) then 'informed'
      when f.amount_unreadable then 'unreadable_amount'
      when p.status = 'reversed' or (p.status = 'completed' and f.receipt is null) then 'informed'
      when f.paid_total_cents is null and f.amount_cents <> p.amount_cents + p.commission_cents then 'wrong_amount'
      when exists (select from money_in m where m.merchant_id = p.merchant_id and m.provider = p.provider
        and m.environment = p.environment and m.receipt = f.receipt and m.payment_id <> p.id) then 'receipt_used'
      -- Parts add up: to no more than was paid in all, and to the whole before they complete it.
      when p.received_cents + f.amount_cents > f.paid_total_cents then 'doubted'
      when f.paid_total_cents is not null and p.status <> 'completed'
        and p.received_cents + f.amount_cents < p.amount_cents + p.commission_cents then 'part_paid'
      when p.status <> 'completed' then ${success}
      when p.provider_receipt is null then 'receipt'
      when f.paid_total_cents is not null and p.received_cents < p.amount_cents + p.commission_cents then 'receipt'
      else 'second_receipt'
    end`
}

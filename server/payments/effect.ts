import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'

/** What one piece of evidence did to its payment. */
export type PaymentEffect =
  | 'completed'
  /** It is completed by money of which was told before: another payment had been made of it, and is folded into this one. */
  | 'took_over'
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

/** The rules of a payment's life, in SQL: what evidence `f` does to payment `p` is what the first says that holds. */
export const effect = effectOf(sql`'completed'`)

/** The same for a payment that takes over a receipt of which was told before. */
export const effectOfTaking = effectOf(sql`'took_over'`)

function effectOf(success: Sql): Sql {
  return sql`case
      when p.provider_ref <> f.provider_ref then 'mismatch'
      when f.doubt = 'forged' or (f.doubt = 'outside' and p.environment = 'live') then 'doubted'
      -- No verdict is no verdict.
      when f.verdict is null then 'informed'
      -- Failure never overrides success.
      when f.verdict = 'failure' and p.status in ('created', 'pending') then 'failed'
      when f.verdict = 'failure' and p.status = 'failed' then 'informed'
      when f.verdict = 'failure' then 'contradicts'
      -- Success wins from any state but reversed, if amount and receipt are the payment's own.
      when f.receipt = p.provider_receipt then 'informed'
      when f.amount_unreadable then 'unreadable_amount'
      when p.status = 'reversed' or (p.status = 'completed' and f.receipt is null) then 'informed'
      when f.amount_cents <> p.amount_cents + p.commission_cents then 'wrong_amount'
      when exists (select from money_in m where m.merchant_id = p.merchant_id and m.provider = p.provider
        and m.environment = p.environment and m.receipt = f.receipt and m.payment_id <> p.id) then 'receipt_used'
      when p.status <> 'completed' then ${success}
      when p.provider_receipt is null then 'receipt'
      else 'second_receipt'
    end`
}

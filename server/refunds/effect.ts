import { sql } from '../database/sql.ts'

/** What one piece of evidence did to its refund. */
export type RefundEffect =
  | 'completed'
  | 'failed'
  /** It named the receipt of a refund that was completed without one. */
  | 'receipt'
  /** It told whose money it was that had gone back. */
  | 'linked'
  /** It changed nothing, or said what was known. */
  | 'informed'
  /** It says failure where money has gone back: kept, and shown to a person. */
  | 'contradicts'
  /** It names another request, or other money, than this refund's: it settles nothing, and a check is due. */
  | 'mismatch'
  /** It came from an address that is not the provider's, for live money: it settles nothing until a check confirms it. */
  | 'doubted'
  /** It tells an amount that cannot be read: it settles nothing, and a check is due. */
  | 'unreadable_amount'
  /** Its amount, or its receipt, is not one that this refund can be completed with. */
  | 'wrong_amount'
  | 'receipt_used'
  | 'second_receipt'
  /** There is no such refund. */
  | 'no_refund'
  /** It could not be stored with the rest; its raw body was, alone. */
  | 'set_aside'

// All of it had gone back before: by the request of which nobody knew whether it arrived, if that was for all of it, and nothing
// else explains where it went.
const hadGoneBack = sql`(f.failure_code = 'already_reversed' and (r.status = 'completed' or r.was_unknown
        and exists (select from payments p where p.merchant_id = r.merchant_id and p.id = r.payment_id
          and p.received_cents = r.amount_cents
          union all select from money_in m where r.of_money and m.merchant_id = r.merchant_id and m.provider = r.provider
          and m.environment = r.environment and m.receipt = r.payment_receipt and m.amount_cents = r.amount_cents)
        and not exists (select from refunds o where o.merchant_id = r.merchant_id and o.payment_receipt = r.payment_receipt
          and o.provider = r.provider and o.environment = r.environment and o.id <> r.id and o.status <> 'failed')))`

/** The rules of a refund's life, in SQL: what evidence `f` does to refund `r` is what the first says that holds. */
export const effect = sql`case
      when r.conversation_id <> f.conversation_id or r.payment_receipt <> f.original_receipt then 'mismatch'
      when f.doubt = 'forged' or (f.doubt = 'outside' and r.environment = 'live') then 'doubted'
      -- No verdict is no verdict.
      when f.verdict is null then 'informed'
      -- Failure never overrides success.
      when f.verdict = 'failure' and not ${hadGoneBack} then case
        when r.status in ('created', 'pending') then 'failed'
        when r.status = 'failed' then 'informed'
        else 'contradicts' end
      -- Success wins, if amount and receipt are the refund's own.
      when r.status = 'completed' and r.payment_id is null and f.payment_id is not null then 'linked'
      when r.status = 'completed' and (f.receipt is null or f.receipt = r.provider_receipt) then 'informed'
      when f.amount_unreadable then 'unreadable_amount'
      when f.amount_cents <> r.amount_cents then 'wrong_amount'
      when exists (select from refunds o where o.merchant_id = r.merchant_id and o.provider = r.provider
        and o.environment = r.environment and o.provider_receipt = f.receipt and o.id <> r.id)
        then case when r.status = 'completed' then 'informed' else 'receipt_used' end
      when r.status <> 'completed' then 'completed'
      when r.provider_receipt is null then 'receipt'
      else 'second_receipt'
    end`

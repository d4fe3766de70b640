import { sql } from '../database/sql.ts'

/** What one piece of evidence did to its payout. */
export type PayoutEffect =
  | 'completed'
  | 'failed'
  /** All of it came back. */
  | 'returned'
  /** Another amount came back than was sent: kept, and shown to a person. */
  | 'part_returned'
  /** It named the receipt of a payout that was completed without one. */
  | 'receipt'
  /** It changed nothing, or said what was known. */
  | 'informed'
  /** It says failure where money has moved: kept, and shown to a person. */
  | 'contradicts'
  /** It names another request than this payout's: it settles nothing, and a check is due. */
  | 'mismatch'
  /** It came from an address that is not the provider's, for live money: it settles nothing until a check confirms it. */
  | 'doubted'
  /** It tells an amount that cannot be read: it settles nothing, and a check is due. */
  | 'unreadable_amount'
  /** Its amount, or its receipt, is not one that this payout can be completed with. */
  | 'wrong_amount'
  | 'receipt_used'
  | 'second_receipt'
  /** There is no such payout. */
  | 'no_payout'
  /** It could not be stored with the rest; its raw body was, alone. */
  | 'set_aside'

/** The rules of a payout's life, in SQL: what evidence `f` does to payout `p` is what the first says that holds. */
export const effect = sql`case
      when p.conversation_id <> f.conversation_id then 'mismatch'
      when f.doubt = 'forged' or (f.doubt = 'outside' and p.environment = 'live') then 'doubted'
      -- What comes back had been completed, and comes back whole once.
      when f.returned_at is not null then case
        when f.amount_unreadable then 'unreadable_amount'
        when f.amount_cents <> p.amount_cents then 'part_returned'
        when p.status = 'completed' then 'returned'
        else 'informed' end
      -- No verdict is no verdict.
      when f.verdict is null then 'informed'
      -- Failure never overrides success.
      when f.verdict = 'failure' and p.status in ('completed', 'returned') then 'contradicts'
      when f.verdict = 'failure' and p.status = 'failed' then 'informed'
      when f.verdict = 'failure' then 'failed'
      -- Success wins from any state but returned, if amount and receipt are the payout's own.
      when p.status in ('completed', 'returned') and (f.receipt is null or f.receipt = p.provider_receipt) then 'informed'
      when f.amount_unreadable then 'unreadable_amount'
      when f.amount_cents <> p.amount_cents then 'wrong_amount'
      when exists (select from payouts o where o.merchant_id = p.merchant_id and o.provider = p.provider
        and o.environment = p.environment and o.provider_receipt = f.receipt and o.id <> p.id) then 'receipt_used'
      when p.status not in ('completed', 'returned') then 'completed'
      when p.provider_receipt is null then 'receipt'
      else 'second_receipt'
    end`

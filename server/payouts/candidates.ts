import { fitsMask } from '@lango/daraja'
import type { Phone } from '@lango/daraja'
import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import type { Payout } from './payout.ts'

/** What one receipt of the provider is known by. */
export type ReceiptName = Pick<Payout, 'merchant_id' | 'provider' | 'environment'> & { receipt: string }

/** The payouts that were completed with these receipts, each undefined where there is none. */
export async function findPayoutsByReceipt(context: Context, names: ReceiptName[]): Promise<(Payout | undefined)[]> {
  const column = (key: keyof ReceiptName) => names.map((name) => name[key])
  const rows = await context.database.query<Payout & { number: number }>(sql`
    select n.number::int, p.* from unnest(${column('merchant_id')}::uuid[], ${column('provider')}::text[], ${column('environment')}::text[],
      ${column('receipt')}::text[]) with ordinality as n (merchant_id, provider, environment, receipt, number)
    join payouts p on p.merchant_id = n.merchant_id and p.provider = n.provider and p.environment = n.environment
      and p.provider_receipt = n.receipt`)
  const found = new Map(rows.map((row) => [row.number, row]))
  return names.map((_, index) => found.get(index + 1))
}

/** Money that left an account, as a statement shows it. */
export type SentMoney = {
  merchant_id: string
  provider_account_id: string
  amount_cents: number
  /** The receiver: a phone in full or masked, or a short code. */
  phone?: string
  phone_masked?: string
  shortcode?: string
  /** The moments at which it may have been sent: more than one where the provider leaves its time zone open. */
  paid_at: Date[]
}

/** The provider's clock and ours are not one, and its times have no fractions of a second. */
const clockSlackMs = 60_000
/** A request waits in the provider's queue for this long at most. */
const queueMs = 48 * 3_600_000

/**
 * For each, the payouts of its account that it may be: under way, or completed without a receipt, with its amount and receiver,
 * and asked for in the 48 hours before it. Only when there is one alone is that settled by it: call `settlePayouts` with the
 * source `statement`.
 */
export async function findPayoutCandidates(context: Context, sent: SentMoney[]): Promise<Payout[][]> {
  const column = (key: 'merchant_id' | 'provider_account_id' | 'amount_cents') => sent.map((money) => money[key])
  const rows = await context.database.query<Payout & { number: number }>(sql`
    select s.number::int, p.* from unnest(${column('merchant_id')}::uuid[], ${column('provider_account_id')}::uuid[],
      ${column('amount_cents')}::bigint[]) with ordinality as s (merchant_id, provider_account_id, amount_cents, number)
    join payouts p on p.merchant_id = s.merchant_id and p.provider_account_id = s.provider_account_id and p.amount_cents = s.amount_cents
    where p.status in ('created', 'pending') or (p.status = 'completed' and p.provider_receipt is null)
    order by p.id`)
  const found = Map.groupBy(rows, ({ number }) => number)
  return sent.map((money, index) =>
    (found.get(index + 1) ?? []).filter((row) => isReceiver(row, money) && isOfTime(row, money)),
  )
}

function isReceiver({ phone, shortcode }: Payout, told: SentMoney): boolean {
  if (shortcode !== null) return shortcode === told.shortcode
  if (told.phone !== undefined) return told.phone === phone
  return told.phone_masked !== undefined && fitsMask(phone as Phone, told.phone_masked)
}

function isOfTime({ requested_at }: Payout, { paid_at }: SentMoney): boolean {
  return paid_at.some((at) => requested_at! <= later(at, clockSlackMs) && requested_at! >= later(at, -queueMs))
}

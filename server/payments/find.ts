import type { Context } from '../context.ts'
import { join, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import type { Mode } from '../access/key.ts'
import { Problem } from '../problem.ts'
import type { Payment } from './payment.ts'

/** Which payment, and of whom. A test key does not see live ones. */
export type PaymentName = { merchant_id: string; id: string; mode?: Mode }

/** The payments with these names, each undefined where there is none or it is another's. */
export async function findPayments(context: Context, names: PaymentName[]): Promise<(Payment | undefined)[]> {
  const rows = await context.database.query<Payment>(sql`
    select p.* from unnest(${names.map((name) => name.merchant_id)}::uuid[], ${names.map((name) => name.id)}::uuid[]) as n (merchant_id, id)
    join payments p on p.merchant_id = n.merchant_id and p.id = n.id`)
  const payments = new Map(rows.map((payment) => [payment.merchant_id + payment.id, payment]))
  return names.map(({ merchant_id, id, mode }) => {
    const payment = payments.get(merchant_id + id)
    return mode === 'test' && payment?.environment === 'live' ? undefined : payment
  })
}

/** One payment. @throws a Problem when there is none of this merchant. */
export async function findPayment(context: Context, name: PaymentName): Promise<Payment> {
  const payment = await context.gather(findPayments, name)
  if (!payment) throw new Problem('not_found', 'There is no such payment, or it is not yours.', 'id')
  return payment
}

/** What a list of payments can be narrowed to. All of them are optional, and all given ones must hold. */
export type PaymentFilter = {
  provider?: string
  status?: 'pending' | 'completed' | 'failed' | 'reversed'
  since?: Date
  until?: Date
  /** Exact for an id; the beginning of a receipt, phone or reference. */
  search?: string
  search_id?: string
  min_amount?: number
  max_amount?: number
  phone?: string
  account_reference?: string
  external_reference?: string
  invoice_id?: string
  needs_attention?: boolean
}

/** One page of a merchant's payments, newest first; `before` is the last id of the page before it. */
export async function listPayments(
  context: Context,
  {
    merchant_id,
    mode,
    filter,
    limit,
    before,
  }: { merchant_id: string; mode: Mode; filter: PaymentFilter; limit: number; before?: string },
): Promise<{ payments: Payment[]; hasMore: boolean }> {
  const conditions = [
    sql`merchant_id = ${merchant_id}`,
    mode === 'test' && sql`environment <> 'live'`,
    filter.provider && sql`provider = ${filter.provider}`,
    filter.status &&
      (filter.status === 'pending' ? sql`status in ('created', 'pending')` : sql`status = ${filter.status}`),
    // An id begins with the time it was made, so that a range of times is a range of the primary key.
    filter.since && sql`id >= ${firstIdOf(filter.since)}`,
    filter.until && sql`id < ${firstIdOf(filter.until)}`,
    before && sql`id < ${before}`,
    filter.min_amount !== undefined && sql`amount_cents >= ${filter.min_amount}`,
    filter.max_amount !== undefined && sql`amount_cents <= ${filter.max_amount}`,
    filter.phone && sql`phone = ${filter.phone}`,
    filter.account_reference && sql`sent_reference = ${filter.account_reference}`,
    filter.external_reference && sql`external_reference = ${filter.external_reference}`,
    filter.invoice_id && sql`invoice_id = ${filter.invoice_id}`,
    filter.needs_attention !== undefined &&
      (filter.needs_attention ? sql`needs_attention is not null` : sql`needs_attention is null`),
    filter.search && searchFor(filter.search, filter.search_id),
  ].filter((condition): condition is Sql => Boolean(condition))
  const payments = await context.database.query<Payment>(sql`
    select * from payments where ${join(conditions, sql` and `)} order by id desc limit ${limit + 1}`)
  return { payments: payments.slice(0, limit), hasMore: payments.length > limit }
}

function searchFor(text: string, id: string | undefined): Sql {
  if (id) return sql`id = ${id}`
  const beginning = beginningOf(text)
  return sql`(provider_receipt like ${beginning.toUpperCase()} or phone like ${phoneBeginning(beginning)}
    or sent_reference like ${beginning} or external_reference like ${beginning})`
}

/** The pattern of `like` for whatever begins with a text. */
export function beginningOf(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`
}

/** The beginning of a phone as the table holds it: a person types 0712…, the table says 254712…. */
export function phoneBeginning(beginning: string): string {
  return beginning.replace(/[ +]/g, '').replace(/^0/, '254')
}

import { isOfAccount } from '../accounts/named.ts'
import type { Context } from '../context.ts'
import { hasStatus, madeWithin, needsAttention, ofMerchant } from '../api/list-rows.ts'
import type { Condition, EnvironmentFilter, Listing, Page } from '../api/list-rows.ts'
import { byAmount, listSearched } from '../api/list-searched.ts'
import { isOfSlice, slicesWithin } from '../api/slices.ts'
import { begins, byName, byPhone, byReceipt, byReference, having, sliced } from '../api/search.ts'
import type { Way } from '../api/search-rows.ts'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import type { Mode } from '../access/key.ts'
import { normalReference } from '../reference.ts'
import { Problem } from '../problem.ts'
import type { Named } from '../providers/provider.ts'
import type { Payment } from './payment.ts'

/** Which payment, and of whom. A test key does not see live ones. */
export type PaymentName = { merchant_id: string; id: string; mode?: Mode }

/** The payments with these names, each undefined where there is none or it is another's. */
export async function findPayments(context: Context, names: PaymentName[]): Promise<(Payment | undefined)[]> {
  const rows = await context.database.query<Payment>(sql.named`
    select p.* from unnest(${names.map((name) => name.merchant_id)}::uuid[], ${names.map((name) => name.id)}::uuid[]) as n (merchant_id, id)
    join payments p on p.merchant_id = n.merchant_id and p.id = n.id`)
  const payments = new Map(rows.map((payment) => [payment.merchant_id + payment.id, payment]))
  return names.map(({ merchant_id, id, mode }) => {
    const payment = payments.get(merchant_id + id)
    return mode === 'test' && payment?.environment === 'live' ? undefined : payment
  })
}

/** The payments with these ids, whosever they are: a checkout's link names its merchant by the payment alone. */
export async function findPaymentsById(context: Context, ids: string[]): Promise<(Payment | undefined)[]> {
  const rows = await context.database.query<Payment>(sql.named`select * from payments where id = any (${ids}::uuid[])`)
  const payments = new Map(rows.map((payment) => [payment.id, payment]))
  return ids.map((id) => payments.get(id))
}

/** One payment. @throws a Problem when there is none of this merchant. */
export async function findPayment(context: Context, name: PaymentName): Promise<Payment> {
  const payment = await context.gather(findPayments, name)
  if (!payment) throw new Problem('not_found', 'There is no such payment, or it is not yours.', 'id')
  return payment
}

/** What a list of payments can be narrowed to. All of them are optional, and all given ones must hold. */
export type PaymentFilter = EnvironmentFilter & {
  provider?: string
  /** The account that they were made with, by its id or name. */
  account?: string
  status?: 'pending' | 'completed' | 'failed' | 'reversed'
  since?: Date
  until?: Date
  /** Exact for an id; the beginning of a receipt, phone or reference, or of words of the payer's name. */
  search?: string
  min_amount?: number
  max_amount?: number
  phone?: string
  account_reference?: string
  external_reference?: string
  invoice_id?: string
  link_id?: string
  needs_attention?: boolean
}

/** One page of a merchant's payments, newest first. */
export async function listPayments(context: Context, listing: Listing<PaymentFilter>): Promise<Page<Payment>> {
  const { filter, merchant_id } = listing
  const ids = sql`select id from payments where merchant_id = ${merchant_id}`
  const where = [
    ...ofMerchant(listing),
    ...madeWithin(filter),
    filter.provider && sql`provider = ${filter.provider}`,
    await isOfAccount(context, listing),
    hasStatus(filter.status),
    filter.phone && sql`phone = ${filter.phone}`,
    filter.invoice_id && hasInvoice(merchant_id, filter.invoice_id),
    filter.link_id && sql`link_id = ${filter.link_id}`,
    sql`folded_into is null`,
    needsAttention(filter.needs_attention),
  ]
  const from = sql`payments`
  const id = filter.search && parseId('pay', filter.search)
  return listSearched<Payment>(context, listing, { from, where: [id && sql`id = ${id}`, ...where] }, [
    {
      by: ['account_reference'],
      ways: filter.account_reference && [
        having(
          sliced({ ids, column: sql`reference_key` }),
          (column) => sql`${column} = ${normalReference(filter.account_reference!)}`,
        ),
      ],
    },
    {
      by: ['external_reference'],
      ways: filter.external_reference && [
        having(
          sliced({ ids, column: sql`external_reference` }),
          (column) => sql`${column} = ${filter.external_reference}`,
        ),
      ],
    },
    { by: ['search'], ways: filter.search && !id && waysTo(filter.search, merchant_id) },
    byAmount({ ids, column: sql`amount_cents` }, filter),
  ])
}

/** Those that are of an invoice, and those of which a part was put to it. */
function hasInvoice(merchant_id: string, invoice_id: string): Condition {
  return sql`(invoice_id = ${invoice_id} or id in (select payment_id from allocations
    where merchant_id = ${merchant_id} and invoice_id = ${invoice_id}))`
}

/** The ways to payments by what a person typed. */
function waysTo(text: string, merchant_id: string): Way[] {
  const ids = sql`select id from payments where merchant_id = ${merchant_id}`
  const ways = [
    byReceipt({ ids, column: sql`provider_receipt` }, text),
    byPhone({ ids, column: sql`phone` }, text),
    byReference(sliced({ ids, column: sql`reference_key` }), text),
    begins(sliced({ ids, column: sql`external_reference` }), text),
    byName({ table: sql`payments`, column: sql`payer_name`, merchant_id }, text),
    byNameOfMoney(text, merchant_id),
  ]
  return ways.filter((way) => way !== undefined)
}

/** A payer who paid by hand is known by the money that came. */
function byNameOfMoney(text: string, merchant_id: string): Way | undefined {
  const way = byName({ table: sql`money_in`, column: sql`payer_name`, merchant_id, id: sql`payment_id` }, text)
  if (!way) return undefined
  const money = sql`select payment_id from money_in m where m.merchant_id = ${merchant_id}`
  return {
    ...way,
    matches: (span) =>
      span
        ? sql`id in (${money} and payment_id >= ${span.from} and payment_id < ${span.below} and ${way.matches()})`
        : sql`exists (${money} and m.payment_id = payments.id and ${way.matches()} offset 0)`,
  }
}

/** The payments that a provider knows by this id, whosever they are. */
export function findPaymentsByProviderRef(
  { database }: Pick<Context, 'database'>,
  providerRef: string,
): Promise<Payment[]> {
  return database.query<Payment>(sql`select * from payments where provider_ref = ${providerRef} limit 2`)
}

/** A merchant's payments that a request could mean: by the provider's id of it, or by the reference that it was sent with. */
export function findPaymentsNamed(
  { database }: Pick<Context, 'database'>,
  { merchant_id, mode, provider }: { merchant_id: string; mode: Mode; provider: Payment['provider'] },
  { provider_ref, reference }: Named,
): Promise<Payment[]> {
  return database.query<Payment>(sql`
    select * from payments where merchant_id = ${merchant_id} and provider = ${provider}
      and (provider_ref = ${provider_ref ?? null} or reference_key = ${normalReference(reference ?? '')} and sent_reference = ${reference ?? null}
        and ${isOfSlice(sql`id`, sql`any (array(${slicesWithin(sql`payments`, merchant_id)}))`)})
      and (${mode} = 'live' or environment <> 'live') order by id desc limit 100`)
}

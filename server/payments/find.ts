import { isOfAccount } from '../accounts/named.ts'
import type { Context } from '../context.ts'
import { hasStatus, listRows, madeWithin, needsAttention, ofMerchant } from '../api/list-rows.ts'
import type { Condition, EnvironmentFilter, Listing, Page } from '../api/list-rows.ts'
import {
  anyOf,
  beginningOf,
  byReceipt,
  fewOrMany,
  hasName,
  hasPayerName,
  hasPhone,
  idsNamed,
  unindexedName,
} from '../api/search.ts'
import type { Search } from '../api/search.ts'
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
  const { filter } = listing
  const where = [
    ...ofMerchant(listing),
    ...madeWithin(filter),
    filter.provider && sql`provider = ${filter.provider}`,
    await isOfAccount(context, listing),
    hasStatus(filter.status),
    filter.min_amount !== undefined && sql`amount_cents >= ${filter.min_amount}`,
    filter.max_amount !== undefined && sql`amount_cents <= ${filter.max_amount}`,
    filter.phone && sql`phone = ${filter.phone}`,
    filter.account_reference && sql`reference_key = ${normalReference(filter.account_reference)}`,
    filter.external_reference && sql`external_reference = ${filter.external_reference}`,
    filter.invoice_id && hasInvoice(listing.merchant_id, filter.invoice_id),
    filter.link_id && sql`link_id = ${filter.link_id}`,
    sql`folded_into is null`,
    needsAttention(filter.needs_attention),
  ]
  return listRows<Payment>(context, listing, {
    from: sql`payments`,
    where,
    ...(filter.search && searchFor(listing.merchant_id, filter.search)),
  })
}

/** Those that are of an invoice, and those of which a part was put to it. */
function hasInvoice(merchant_id: string, invoice_id: string): Condition {
  return sql`(invoice_id = ${invoice_id} or id in (select payment_id from allocations
    where merchant_id = ${merchant_id} and invoice_id = ${invoice_id}))`
}

function searchFor(merchant_id: string, text: string): Search {
  const id = parseId('pay', text)
  if (id) return anyOf([sql`id = ${id}`])
  const beginning = beginningOf(text)
  const key = normalReference(text)
  return anyOf([
    byReceipt(sql`select id from payments where merchant_id = ${merchant_id}`, 'provider_receipt', text),
    hasPhone(text),
    key !== '' && sql`reference_key like ${`${key}%`}`,
    sql`external_reference like ${beginning}`,
    ...paidBy(merchant_id, text),
  ])
}

/** Payments by words of their payer's name. Who paid by hand is known by the money that came. */
function paidBy(merchant_id: string, text: string): Search[] {
  const [named, inOrder] = [hasPayerName(text), hasName(unindexedName, text)]
  if (!named || !inOrder) return []
  return [
    fewOrMany('named', { found: idsNamed('payments', merchant_id, named), isFound: inOrder }),
    fewOrMany('paid_by_named', {
      found: idsNamed('money_in', merchant_id, named, 'payment_id'),
      isFound: sql`exists (select from money_in m where m.merchant_id = ${merchant_id} and m.payment_id = payments.id and ${inOrder} offset 0)`,
    }),
  ]
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
      and (provider_ref = ${provider_ref ?? null} or reference_key = ${normalReference(reference ?? '')} and sent_reference = ${reference ?? null})
      and (${mode} = 'live' or environment <> 'live') order by id desc limit 100`)
}

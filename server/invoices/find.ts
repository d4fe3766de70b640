import { dayOf } from '../day.ts'
import type { Mode } from '../access/key.ts'
import { isOfAccount } from '../accounts/named.ts'
import { listRows, madeWithin, ofMerchant } from '../api/list-rows.ts'
import type { EnvironmentFilter, Listing, Page } from '../api/list-rows.ts'
import { byName, byPhone, byReference } from '../api/search.ts'
import { searchRows } from '../api/search-rows.ts'
import type { Way } from '../api/search-rows.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { listMailsOf } from '../mail/mail.ts'
import type { SeenMail } from '../mail/mail.ts'
import { Problem } from '../problem.ts'
import { normalReference } from '../reference.ts'
import type { Invoice } from './invoice.ts'

/** Which invoice, and of whom. A test key does not see live ones. */
export type InvoiceName = { merchant_id: string; id: string; mode?: Mode }

/** One invoice. @throws a Problem when there is none of this merchant. */
export async function findInvoice(
  { database }: Context,
  { merchant_id, id, mode }: InvoiceName,
  param = 'id',
): Promise<Invoice> {
  const invoice = await database.maybe<Invoice>(
    sql`select * from invoices where merchant_id = ${merchant_id} and id = ${id}`,
  )
  if (invoice && !(mode === 'test' && invoice.environment === 'live')) return invoice
  throw new Problem('not_found', 'There is no such invoice, or it is not yours.', param)
}

/** The invoices with these ids, whosever they are: the link to its page names its merchant by the invoice alone. */
export async function findInvoicesById(context: Context, ids: string[]): Promise<(Invoice | undefined)[]> {
  const found = await context.database.query<Invoice>(sql`select * from invoices where id = any (${ids}::uuid[])`)
  const invoices = new Map(found.map((invoice) => [invoice.id, invoice]))
  return ids.map((id) => invoices.get(id))
}

/** What of a payment was put to an invoice. */
export type PartPaid = {
  payment_id: string
  receipt: string | null
  amount_cents: number
  paid_at: Date
}

/** What was put to an invoice and stayed, by payment, the first one first. */
export function listParts({ database }: Context, { merchant_id, id }: Invoice): Promise<PartPaid[]> {
  return database.query<PartPaid>(sql`
    select a.payment_id, p.provider_receipt as receipt, a.amount_cents, coalesce(p.paid_at, a.created_at) as paid_at
    from allocations a join payments p on p.merchant_id = a.merchant_id and p.id = a.payment_id
    where a.merchant_id = ${merchant_id} and a.invoice_id = ${id} and a.amount_cents > 0 order by paid_at, a.payment_id`)
}

/** The mail about an invoice, the first one first: how often it was sent, to whom, and of what its customer was reminded. */
export function listInvoiceMails(context: Context, { merchant_id, id }: Invoice): Promise<SeenMail[]> {
  return listMailsOf(context, { merchant_id, kinds: ['invoice', 'invoice_reminder'], subject_id: id })
}

/** What a list of invoices can be narrowed to. All given ones must hold. */
export type InvoiceFilter = EnvironmentFilter & {
  status?: Invoice['status']
  overdue?: boolean
  /** The account that they are to be paid to, by its id or name. */
  account?: string
  /** Exact for an id; the beginning of a reference or phone, or of words of the customer's name. */
  search?: string
  reference?: string
  customer_phone?: string
  min_amount?: number
  max_amount?: number
  since?: Date
  until?: Date
}

/** One page of a merchant's invoices, newest first. */
export async function listInvoices(context: Context, listing: Listing<InvoiceFilter>): Promise<Page<Invoice>> {
  const { filter } = listing
  const today = dayOf(context.clock.now())
  const isOverdue = sql`(status in ('open', 'part_paid') and coalesce(due_on < ${today}::date, false))`
  const where = [
    ...ofMerchant(listing),
    ...madeWithin(filter),
    filter.status && sql`status = ${filter.status}`,
    filter.overdue !== undefined && sql`${isOverdue} = ${filter.overdue}`,
    await isOfAccount(context, listing),
    filter.reference && sql`reference_key = ${normalReference(filter.reference)}`,
    filter.customer_phone && sql`customer_phone = ${filter.customer_phone}`,
    filter.min_amount !== undefined && sql`total_cents >= ${filter.min_amount}`,
    filter.max_amount !== undefined && sql`total_cents <= ${filter.max_amount}`,
  ]
  const from = sql`invoices`
  if (!filter.search) return listRows<Invoice>(context, listing, { from, where })
  const id = parseId('inv', filter.search)
  if (id) return listRows<Invoice>(context, listing, { from, where: [sql`id = ${id}`, ...where] })
  return searchRows<Invoice>(context, listing, {
    from,
    where,
    ways: waysTo(filter.search, listing.merchant_id),
    by: ['search'],
  })
}

/** The ways to invoices by what a person typed. */
function waysTo(text: string, merchant_id: string): Way[] {
  const ids = sql`select id from invoices where merchant_id = ${merchant_id}`
  const ways = [
    byReference({ ids, column: sql`reference_key` }, text),
    byPhone({ ids, column: sql`customer_phone` }, text),
    byName({ table: sql`invoices`, column: sql`customer_name`, merchant_id }, text),
  ]
  return ways.filter((way) => way !== undefined)
}

import type { Mode } from '../access/key.ts'
import { listRows, madeWithin, ofMerchant } from '../api/list-rows.ts'
import type { EnvironmentFilter, Listing, Page } from '../api/list-rows.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Invoice } from '../invoices/invoice.ts'
import { Problem } from '../problem.ts'
import { normalReference } from '../reference.ts'
import type { OutsidePayment } from './outside-payment.ts'

/** Which one, and of whom. A test key does not see live ones. */
export type OutsideName = { merchant_id: string; id: string; mode?: Mode }

/** One payment that was made elsewhere. @throws a Problem when there is none of this merchant. */
export async function findOutsidePayment(
  { database }: Context,
  { merchant_id, id, mode }: OutsideName,
): Promise<OutsidePayment> {
  const row = await database.maybe<OutsidePayment>(
    sql`select * from outside_payments where merchant_id = ${merchant_id} and id = ${id}`,
  )
  if (row && !(mode === 'test' && row.environment === 'live')) return row
  throw new Problem('not_found', 'There is no such payment made elsewhere, or it is not yours.', 'id')
}

/** What a list of them can be narrowed to. All given ones must hold. */
export type OutsideFilter = EnvironmentFilter & {
  status?: OutsidePayment['status']
  invoice_id?: string
  alternate_reference?: string
  since?: Date
  until?: Date
}

/** One page of what was paid to a merchant elsewhere, newest first. */
export function listOutsidePayments(context: Context, listing: Listing<OutsideFilter>): Promise<Page<OutsidePayment>> {
  const { status, invoice_id, alternate_reference, ...filter } = listing.filter
  const where = [
    ...ofMerchant(listing),
    ...madeWithin(filter),
    status && sql`status = ${status}`,
    invoice_id && sql`invoice_id = ${invoice_id}`,
    alternate_reference && sql`reference_key = ${normalReference(alternate_reference)}`,
  ]
  return listRows<OutsidePayment>(context, listing, { from: sql`outside_payments`, where })
}

/** What is said to have been paid elsewhere for one invoice, the first one first. */
export function listOutsideOf(
  { database }: Context,
  { merchant_id, id }: Pick<Invoice, 'merchant_id' | 'id'>,
): Promise<OutsidePayment[]> {
  return database.query<OutsidePayment>(
    sql`select * from outside_payments where merchant_id = ${merchant_id} and invoice_id = ${id} order by id`,
  )
}

/** Where else a reference was named, by one of these: one slip may pay several invoices, or be used twice. */
export function listNamedBeside(
  { database }: Context,
  { merchant_id, invoice_id, reference_key, environment }: OutsidePayment,
): Promise<{ invoice_id: string; invoice_reference: string; amount_cents: number; status: string }[]> {
  return database.query(sql`
    select o.invoice_id, i.reference as invoice_reference, o.amount_cents, o.status from outside_payments o
    join invoices i on i.merchant_id = o.merchant_id and i.id = o.invoice_id
    where o.merchant_id = ${merchant_id} and o.reference_key = ${reference_key} and o.reference_key <> '' and o.environment = ${environment}
      and o.invoice_id <> ${invoice_id} and o.status in ('awaiting_approval', 'approved')
    order by o.id limit 5`)
}

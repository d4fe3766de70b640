import type { Mode } from '../access/key.ts'
import { listRows, madeWithin, ofMerchant } from '../api/list-rows.ts'
import type { EnvironmentFilter, Listing, Page } from '../api/list-rows.ts'
import { byName, byPhone, byReceipt, byReference, inEverySlice, sliced } from '../api/search.ts'
import { searchRows } from '../api/search-rows.ts'
import type { Way } from '../api/search-rows.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { Problem } from '../problem.ts'
import type { FoundReceipt } from './receipt.ts'

const found = sql`(
  select r.*, p.provider, p.provider_account_id, p.provider_receipt, p.phone, p.payer_phone_masked, p.payer_name, p.payer_email, p.payer_language,
    p.account_reference, p.sent_reference, p.reference_key, p.external_reference, p.description, p.currency, p.refunded_cents, p.reversed_at,
    case when p.status = 'reversed' then 'reversed' when p.folded_into is not null then 'replaced' else 'issued' end as status, coalesce(p.paid_at, p.completed_at) as paid_at,
    (select coalesce(jsonb_agg(l || jsonb_build_object('invoice_id', i.id) order by i.id, place), '[]')
     from jsonb_array_elements(r.invoices) b
     join invoices i on i.merchant_id = r.merchant_id and i.id = (b->>'invoice_id')::uuid
     cross join jsonb_array_elements(i.lines) with ordinality as ls (l, place)) as lines
  from receipts r join payments p on p.merchant_id = r.merchant_id and p.id = r.payment_id) as found`

/** Which receipt, and of whom. A test key does not see live ones. */
export type ReceiptName = { merchant_id: string; id: string; mode?: Mode }

/** One receipt. @throws a Problem when there is none of this merchant. */
export async function findReceipt(
  { database }: Context,
  { merchant_id, id, mode }: ReceiptName,
): Promise<FoundReceipt> {
  const receipt = await database.maybe<FoundReceipt>(
    sql`select * from ${found} where merchant_id = ${merchant_id} and id = ${id}`,
  )
  if (receipt && !(mode === 'test' && receipt.environment === 'live')) return receipt
  throw new Problem('not_found', 'There is no such receipt, or it is not yours.', 'id')
}

/** The receipt with this id, whosever it is: the link to its page names its merchant by the receipt alone. */
export async function findReceiptById(context: Context, id: string): Promise<FoundReceipt | undefined> {
  const name = await context.database.maybe<ReceiptName>(sql`select merchant_id, id from receipts where id = ${id}`)
  return name && findReceipt(context, name)
}

/** What a list of receipts can be narrowed to. All given ones must hold. */
export type ReceiptFilter = EnvironmentFilter & {
  status?: FoundReceipt['status']
  payment_id?: string
  invoice_id?: string
  /** Exact for an id or a number; the beginning of an M-Pesa code, phone or reference, or of words of the payer's name. */
  search?: string
  min_amount?: number
  max_amount?: number
  since?: Date
  until?: Date
}

/** One page of a merchant's receipts, newest first. */
export function listReceipts(context: Context, listing: Listing<ReceiptFilter>): Promise<Page<FoundReceipt>> {
  const { filter } = listing
  const where = [
    ...ofMerchant(listing),
    ...madeWithin(filter),
    filter.status && sql`status = ${filter.status}`,
    filter.payment_id && sql`payment_id = ${filter.payment_id}`,
    filter.invoice_id && sql`invoices @> ${JSON.stringify([{ invoice_id: filter.invoice_id }])}::jsonb`,
    filter.min_amount !== undefined && sql`amount_cents >= ${filter.min_amount}`,
    filter.max_amount !== undefined && sql`amount_cents <= ${filter.max_amount}`,
  ]
  const { search } = filter
  if (!search) return listRows<FoundReceipt>(context, listing, { from: found, where })
  const id = parseId('rct', search.trim())
  if (id) return listRows<FoundReceipt>(context, listing, { from: found, where: [sql`id = ${id}`, ...where] })
  return searchRows<FoundReceipt>(context, listing, {
    from: found,
    table: sql`receipts`,
    where,
    ways: waysTo(search, listing.merchant_id),
    by: ['search'],
    // The indexes of their payments tell all that there are, and not the newest of them.
    near: 5_000,
  })
}

/** The ways to receipts by what a person typed: by their number, and by what is known of their payments. */
function waysTo(text: string, merchant_id: string): Way[] {
  const [, year, number] = /^(\d{4})-0*(\d{1,9})$/.exec(text.trim()) ?? []
  const numbered = sql`year = ${year ? Number(year) : null} and number = ${year ? Number(number) : null}`
  const payments = sql`select id from payments where merchant_id = ${merchant_id}`
  const ids = sql`
    select r.id from payments p join receipts r on r.merchant_id = p.merchant_id and r.payment_id = p.id where p.merchant_id = ${merchant_id}`
  const ways = [
    {
      ids: sql`select id from receipts where merchant_id = ${merchant_id} and ${numbered}`,
      matches: () => numbered,
    },
    byReceipt({ ids, column: sql`provider_receipt` }, text),
    byPhone({ ids, column: sql`phone` }, text),
    ofPayments(byReference(sliced({ ids: payments, column: sql`reference_key` }), text), merchant_id),
    ofPayments(byName({ table: sql`payments`, column: sql`payer_name`, merchant_id }, text), merchant_id),
  ]
  return ways.filter((way) => way !== undefined)
}

/** A way to payments as one to their receipts. These lie in other slices. */
function ofPayments(way: Way | undefined, merchant_id: string): Way | undefined {
  return (
    way && {
      matches: way.matches,
      ids: sql`select id from receipts where merchant_id = ${merchant_id}
        and payment_id in (${inEverySlice(sql`payments`, merchant_id, way)})`,
    }
  )
}

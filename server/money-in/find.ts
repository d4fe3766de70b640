import { parsePhone } from '@lango/daraja'
import { isOfAccount } from '../accounts/named.ts'
import type { Context } from '../context.ts'
import { madeWithin, ofMerchant } from '../api/list-rows.ts'
import type { EnvironmentFilter, Listing, Page } from '../api/list-rows.ts'
import { byAmount, listSearched } from '../api/list-searched.ts'
import { begins, byName, byPhone, byReceipt, having, sliced } from '../api/search.ts'
import type { Way } from '../api/search-rows.ts'
import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import { parseShillings } from '../money.ts'
import type { Mode } from '../access/key.ts'
import type { Payment } from '../payments/payment.ts'
import { Problem } from '../problem.ts'
import { nameOf } from './money-in.ts'
import type { MoneyIn, MoneyName } from './money-in.ts'

/** What a list of money in can be narrowed to. All that is given must hold. */
export type MoneyFilter = EnvironmentFilter & {
  /** The beginning of a receipt, phone or reference, or of words of the payer's name; or an amount in shillings. */
  search?: string
  unmatched?: boolean
  /** The account that it came to, by its id or name. */
  account?: string
  kind?: MoneyIn['kind']
  receipt?: string
  account_reference?: string
  phone?: string
  /** The payment that it belongs to. */
  payment_id?: string
  min_amount?: number
  max_amount?: number
  since?: Date
  until?: Date
}

/** One page of what a merchant received, newest first. */
export async function listMoney(context: Context, listing: Listing<MoneyFilter>): Promise<Page<MoneyIn>> {
  const { filter, merchant_id } = listing
  const ids = sql`select id from money_in where merchant_id = ${merchant_id}`
  const where = [
    ...ofMerchant(listing),
    ...madeWithin(filter),
    filter.unmatched !== undefined && (filter.unmatched ? sql`payment_id is null` : sql`payment_id is not null`),
    await isOfAccount(context, listing),
    filter.kind && sql`kind = ${filter.kind}`,
    filter.receipt && sql`receipt = ${filter.receipt}`,
    filter.phone && sql`phone = ${filter.phone}`,
    filter.payment_id && sql`payment_id = ${filter.payment_id}`,
  ]
  const { account_reference } = filter
  return listSearched<MoneyIn>(context, listing, { from: sql`money_in`, where }, [
    {
      by: ['account_reference'],
      ways: account_reference && [
        having(
          sliced({ ids, column: sql`reference` }),
          (column) => sql`upper(${column}) = ${account_reference.toUpperCase()} and ${column} = ${account_reference}`,
        ),
      ],
    },
    { by: ['search'], ways: filter.search && waysTo(filter.search, merchant_id) },
    byAmount({ ids, column: sql`amount_cents` }, filter),
  ])
}

/** The ways to money by what a person typed. */
function waysTo(text: string, merchant_id: string): Way[] {
  const ids = sql`select id from money_in where merchant_id = ${merchant_id}`
  const amount_cents = parseShillings(text.replace(/^kes|ksh|,/gi, '')) ?? null
  const phone = parsePhone(text) ?? null
  const ways = [
    byReceipt({ ids, column: sql`receipt` }, text),
    byPhone({ ids, column: sql`phone` }, text),
    // Of most phones Safaricom tells a hash, or some digits.
    having({ ids, column: sql`phone_hash` }, (column) => sql`${column} = encode(sha256(${phone}::bytea), 'hex')`),
    having(
      { ids, column: sql`phone_masked` },
      (column) => sql`${column} is not null and right(${column}, 3) = ${phone && phone.slice(-3)}
        and ${phone}::text like regexp_replace(replace(${column}, ' ', ''), '[*]+', '%', 'g')`,
    ),
    having(sliced({ ids, column: sql`amount_cents` }), (column) => sql`${column} = ${amount_cents}`),
    begins(sliced({ ids, column: sql`upper(reference)` }), text.toUpperCase()),
    byName({ table: sql`money_in`, column: sql`payer_name`, merchant_id }, text),
  ]
  return ways.filter((way) => way !== undefined)
}

/**
 * The money of one receipt; where environments share a receipt, that of the environment asked for.
 * @throws a Problem when the merchant has received none with this receipt.
 */
export async function findMoney(
  context: Context,
  {
    merchant_id,
    receipt,
    mode,
    environment,
  }: Pick<MoneyIn, 'merchant_id' | 'receipt'> & { mode: Mode; environment: string },
): Promise<MoneyIn> {
  const rows = await context.database.query<MoneyIn>(sql`
    select * from money_in where merchant_id = ${merchant_id} and receipt = ${receipt} and (${mode} = 'live' or environment <> 'live')
    order by environment = ${environment} desc`)
  if (!rows[0]) throw new Problem('not_found', `No money with the receipt ${receipt} has arrived.`, 'receipt')
  return rows[0]
}

/** What is in the books of these receipts, each undefined where nothing is. */
export async function findReceived(context: Context, names: MoneyName[]): Promise<(MoneyIn | undefined)[]> {
  const every = (key: keyof MoneyName) => [...new Set(names.map((name) => name[key]))]
  // Found by lists, and not joined with them: to join a thousand, PostgreSQL reads and hashes a whole table of tens of thousands.
  const rows = await context.database.query<MoneyIn>(sql`
    select * from money_in where merchant_id = any (${every('merchant_id')}::uuid[]) and provider = any (${every('provider')}::text[])
      and environment = any (${every('environment')}::text[]) and receipt = any (${every('receipt')}::text[])`)
  const money = new Map(rows.map((row) => [nameOf(row), row]))
  return names.map((name) => money.get(nameOf(name)))
}

/** Money is entered after it was paid, but for the difference between the provider's clock and ours. */
const clockSlackMs = 3_600_000

/**
 * The money of an account that was paid from one moment until before another. `unless` is a condition over its rows, named `m`:
 * what it holds for is left out.
 */
export function listPaid(
  context: Context,
  { merchant_id, id, from, until, unless }: { merchant_id: string; id: string; from: Date; until: Date; unless: Sql },
): Promise<MoneyIn[]> {
  return context.database.query<MoneyIn>(sql`
    select m.* from money_in m where m.merchant_id = ${merchant_id} and m.provider_account_id = ${id}
      and m.id >= ${firstIdOf(later(from, -clockSlackMs))} and m.paid_at >= ${from} and m.paid_at < ${until} and not (${unless})
    order by m.id`)
}

/** For money with these ids, the payments that it could have been meant for: those that its matching has named. */
export async function findCandidatesOf(
  context: Context,
  { merchant_id, ids }: { merchant_id: string; ids: string[] },
): Promise<Map<string, Payment[]>> {
  if (ids.length === 0) return new Map()
  const rows = await context.database.query<Payment & { money_id: string }>(sql`
    select m.id as money_id, p.* from money_in m join payments p on p.merchant_id = m.merchant_id and p.id = any (m.candidates)
    where m.merchant_id = ${merchant_id} and m.id = any (${ids}::uuid[])
      and (p.status in ('created', 'pending', 'failed') or (p.status = 'completed' and p.provider_receipt is null))
      and p.amount_cents + p.commission_cents = m.amount_cents
    order by p.id desc`)
  return Map.groupBy(rows, ({ money_id }) => money_id)
}

import { accountOf } from '../accounts/find.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { raw, sql } from '../database/sql.ts'
import type { MoneyName } from './money-in.ts'
import { providerOf } from '../providers/provider-of.ts'

/** At what a payer names the receipt of their money: a payment, an invoice, or a link. */
export type ClaimSubject = Omit<MoneyName, 'receipt'> & {
  kind: 'payment' | 'invoice' | 'link'
  id: string
  provider_account_id: string
}

/** A receipt that was named, and when the provider was last asked about it. */
export type Claim = { asked_at: Date | null }

/** How many receipts are taken, and in which time: a payment is one person's matter, many stand before a link. */
const bounds = {
  payment: { table: 'payments', max: 10, withinMs: undefined },
  invoice: { table: 'invoices', max: 10, withinMs: 3_600_000 },
  link: { table: 'payment_links', max: 30, withinMs: 600_000 },
}
const askAgainMs = 60_000

/** Keeps that a receipt was named, and answers whether it is kept: too many are not, so that nobody guesses. Safe to repeat. */
export async function keepClaim(context: Context, subject: ClaimSubject, receipt: string): Promise<boolean> {
  const { merchant_id, provider, environment, kind, id } = subject
  const now = context.clock.now()
  const { table, max, withinMs } = bounds[kind]
  const since = withinMs === undefined ? null : later(now, -withinMs)
  return context.database.transaction(async (transaction) => {
    // Held until the claim is there, so that of many at once each counts those before it.
    await transaction.query(sql`
      select 1 from ${raw(table)} where merchant_id = ${merchant_id} and id = ${id} for no key update`)
    const rows = await transaction.query(sql`
      insert into claims as c (merchant_id, provider, environment, receipt, ${raw(`${kind}_id`)}, created_at)
      select ${merchant_id}, ${provider}, ${environment}, ${receipt}, ${id}, ${now}
      where (select count(*) from claims where merchant_id = ${merchant_id} and subject_id = ${id} and receipt <> ${receipt}
        and (${since}::timestamptz is null or created_at > ${since})) < ${max}
      on conflict (merchant_id, provider, environment, receipt, subject_id) do update set created_at = c.created_at
      returning 1`)
    return rows.length > 0
  })
}

/** What is kept of a receipt that was named there; undefined where it was not. */
export function findClaim({ database }: Context, subject: ClaimSubject, receipt: string): Promise<Claim | undefined> {
  const { merchant_id, provider, environment, id } = subject
  return database.maybe<Claim>(sql`
    select asked_at from claims where merchant_id = ${merchant_id} and provider = ${provider} and environment = ${environment}
      and receipt = ${receipt} and subject_id = ${id}`)
}

/** Asks the provider about a receipt, once a minute at most, and answers whether it was asked. What it says enters the books. */
export async function askProvider(context: Context, subject: ClaimSubject, receipt: string): Promise<boolean> {
  const { merchant_id, provider, environment, id } = subject
  const account = await accountOf(context, subject)
  const { statuses } = providerOf(context, subject)
  if (!statuses?.canAsk(account)) return false
  const now = context.clock.now()
  const mayAsk = await context.database.maybe(sql`
    update claims set asked_at = ${now} where merchant_id = ${merchant_id} and provider = ${provider} and environment = ${environment}
      and receipt = ${receipt} and subject_id = ${id} and (asked_at is null or asked_at <= ${later(now, -askAgainMs)})
    returning 1`)
  if (!mayAsk) return false
  const outcome = await statuses.ask(context, account, {
    subject: { kind: 'status', merchant_id, subject_id: account.id },
    receipt,
  })
  return outcome.kind !== 'refused'
}

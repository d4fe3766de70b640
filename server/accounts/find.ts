import type { Mode } from '../access/key.ts'
import { listRows, ofMerchant } from '../api/list-rows.ts'
import type { Listing, Page } from '../api/list-rows.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { Problem } from '../problem.ts'
import { unseal } from '../secret.ts'
import { boundTo } from './account.ts'
import type { Account, AccountRow, Credentials } from './account.ts'
import { placeOf } from './place.ts'

/** The accounts with these ids, whatever their age. */
export async function findAccounts(context: Context, ids: string[]): Promise<(Account | undefined)[]> {
  const rows = await context.database.query<AccountRow>(
    sql.named`select * from provider_accounts where id = any (${ids}::uuid[])`,
  )
  const accounts = new Map(rows.map((row) => [row.id, openAccount(context, row)]))
  return ids.map((id) => accounts.get(id))
}

/** A merchant's account of a short code or till: one that is in use before those of the past, the default before others. */
export async function findAccountOfShortcode(
  context: Context,
  {
    merchant_id,
    provider,
    environment,
    shortcode,
  }: Pick<Account, 'merchant_id' | 'provider' | 'environment' | 'shortcode'>,
): Promise<Account | undefined> {
  const [row] = await context.database.query<AccountRow>(sql`
    select * from provider_accounts where merchant_id = ${merchant_id} and provider = ${provider} and environment = ${environment}
      and ${shortcode} in (shortcode, till)
    order by ended_at is null desc, is_default desc, id desc limit 1`)
  return row && openAccount(context, row)
}

/** Every short code and till that a merchant has, or had, with a provider. */
export async function listShortcodes(
  context: Context,
  { merchant_id, provider, environment }: Pick<Account, 'merchant_id' | 'provider' | 'environment'>,
): Promise<string[]> {
  const rows = await context.database.query<{ shortcode: string; till: string | null }>(sql`
    select shortcode, till from provider_accounts
    where merchant_id = ${merchant_id} and provider = ${provider} and environment = ${environment}`)
  return [...new Set(rows.flatMap(({ shortcode, till }) => (till ? [shortcode, till] : [shortcode])))]
}

/** Where each account that a merchant has, or had, is paid to, by its id. */
export async function placesOf(context: Context, merchant_id: string): Promise<ReadonlyMap<string, string>> {
  const accounts = await context.database.query<Pick<Account, 'id' | 'provider' | 'type' | 'till' | 'shortcode'>>(sql`
    select id, provider, type, till, shortcode from provider_accounts where merchant_id = ${merchant_id}`)
  return new Map(accounts.map((account) => [account.id, placeOf(account)]))
}

/** The account that a payment was made with. */
export async function accountOf(
  context: Context,
  { provider_account_id }: { provider_account_id: string },
): Promise<Account> {
  const account = await context.gather(findAccounts, provider_account_id)
  if (!account) throw new Error(`Provider account ${provider_account_id} is gone.`)
  return account
}

/** One account of a merchant. A test key does not see live ones. @throws a Problem when there is none. */
export async function findAccount(
  context: Context,
  { merchant_id, id, mode }: { merchant_id: string; id: string; mode: Mode },
): Promise<Account> {
  const account = await context.gather(findAccounts, id)
  const isTheirs = account?.merchant_id === merchant_id && !(mode === 'test' && account.environment === 'live')
  if (isTheirs) return account
  throw new Problem('not_found', 'There is no such account, or it is not yours.', 'id')
}

/** One page of a merchant's accounts, newest first: those that are in use, or those that were ended, where one is asked for. */
export async function listAccounts(context: Context, listing: Listing<{ ended?: boolean }>): Promise<Page<Account>> {
  const { ended } = listing.filter
  const where = [...ofMerchant(listing), ended !== undefined && sql`(ended_at is not null) = ${ended}`]
  const { rows, hasMore } = await listRows<AccountRow>(context, listing, { from: sql`provider_accounts`, where })
  return { rows: rows.map((row) => openAccount(context, row)), hasMore }
}

/** The first of these providers with which a merchant has an account that new payments of an environment use. */
export async function findInUse(
  { database }: Context,
  {
    merchant_id,
    environment,
    providers,
  }: Pick<Account, 'merchant_id' | 'environment'> & { providers: Account['provider'][] },
): Promise<Account['provider'] | undefined> {
  const [found] = await database.query<Pick<Account, 'provider'>>(sql`
    select provider from provider_accounts where merchant_id = ${merchant_id} and environment = ${environment}
      and provider = any (${providers}) and is_default and ended_at is null order by provider limit 1`)
  return found?.provider
}

/** True once any merchant of this installation takes real money. */
export async function hasLiveAccount({ database }: Pick<Context, 'database'>): Promise<boolean> {
  const rows = await database.query(
    sql.named`select 1 from provider_accounts where environment = 'live' and ended_at is null limit 1`,
  )
  return rows.length > 0
}

/** Opens the credentials of an account. @throws when the installation has another secret key. */
export function openAccount(context: Context, row: AccountRow): Account {
  const text = unseal(
    context.config.secretKeys,
    'credentials',
    boundTo(row.merchant_id, row.id, 'credentials'),
    row.credentials,
  )
  return { ...row, credentials: JSON.parse(text) as Credentials }
}

import type { Caller } from '../access/key.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { Problem } from '../problem.ts'
import type { ProviderName } from '../providers/names.ts'
import { unseal } from '../secret.ts'
import { boundTo } from './account.ts'
import type { Account, AccountRow, Credentials } from './account.ts'

/** The accounts with these ids, whatever their age. */
export async function findAccounts(context: Context, ids: string[]): Promise<(Account | undefined)[]> {
  const rows = await context.database.query<AccountRow>(
    sql`select * from provider_accounts where id = any (${ids}::uuid[])`,
  )
  const accounts = new Map(rows.map((row) => [row.id, openAccount(context, row)]))
  return ids.map((id) => accounts.get(id))
}

/** A merchant's account of a short code or till, the current one before those of the past. */
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
      and ${shortcode} in (shortcode, till) order by current desc, id desc limit 1`)
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

/** The account that a payment was made with. */
export async function accountOf(
  context: Context,
  { provider_account_id }: { provider_account_id: string },
): Promise<Account> {
  const account = await context.gather(findAccounts, provider_account_id)
  if (!account) throw new Error(`Provider account ${provider_account_id} is gone.`)
  return account
}

/** The account that a merchant's new payments use. @throws a Problem when there is none. */
export async function currentAccount(context: Context, merchant_id: string, provider: ProviderName): Promise<Account> {
  const account = await context.gather(findCurrentAccounts, `${merchant_id} ${provider}`)
  if (account) return account
  throw new Problem(
    'provider_not_configured',
    `This merchant has no ${provider} account. Set one with PUT /v1/merchant/providers/${provider}.`,
    'provider',
  )
}

/**
 * The account that requests with this key concern. @throws a Problem when there is none, or when it is live and the key is not.
 */
export async function accountOfCaller(
  context: Context,
  { merchant_id, mode }: Pick<Caller, 'merchant_id' | 'mode'>,
  provider: ProviderName,
): Promise<Account> {
  const account = await currentAccount(context, merchant_id, provider)
  if (account.environment !== 'live' || mode === 'live') return account
  throw new Problem('forbidden', 'The account is live, and this is a test key. Use a live key (sk_live_…).')
}

async function findCurrentAccounts(context: Context, names: string[]): Promise<(Account | undefined)[]> {
  const merchants = names.map((name) => name.split(' ')[0])
  const rows = await context.database.query<AccountRow>(
    sql`select * from provider_accounts where current and merchant_id = any (${merchants}::uuid[])`,
  )
  const accounts = new Map(rows.map((row) => [`${row.merchant_id} ${row.provider}`, openAccount(context, row)]))
  return names.map((name) => accounts.get(name))
}

/** True once any merchant of this installation takes real money. */
export async function hasLiveAccount({ database }: Pick<Context, 'database'>): Promise<boolean> {
  const rows = await database.query(sql`select 1 from provider_accounts where environment = 'live' and current limit 1`)
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

import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import type { Balance, Environment, ProviderName } from '../providers/provider.ts'
import { Problem } from '../problem.ts'
import { seal, unseal } from '../secret.ts'
import { writeAudit } from '../access/audit.ts'
import type { Caller } from '../access/key.ts'

/** What a merchant was given by the provider, in plain text. It never leaves the process but towards the provider. */
export type Credentials = {
  consumer_key: string
  consumer_secret: string
  passkey: string
  initiator?: string
  security_credential?: string
  nominated_number?: string
  result_url?: string
  timeout_url?: string
}

/** A merchant's account with a provider, credentials opened. A payment keeps the account it was made with. */
export type Account = {
  id: string
  merchant_id: string
  provider: ProviderName
  environment: Environment
  shortcode: string
  till: string | null
  type: 'paybill' | 'till'
  credentials: Credentials
  access_token: Buffer | null
  access_token_expires_at: Date | null
  c2b_token: string | null
  pull_token: string | null
  c2b_registered_at: Date | null
  c2b_default_action: 'accept' | 'reject'
  pull_registered_at: Date | null
  reconcile_at: Date | null
  reconciled_until: Date | null
  reconcile_problem: string | null
  balance: Balance[] | null
  balance_at: Date | null
  balance_problem: string | null
  current: boolean
}

type Row = Omit<Account, 'credentials'> & { credentials: Buffer }

/** What `configureAccount` is given. */
export type AccountInput = Pick<
  Account,
  'merchant_id' | 'provider' | 'environment' | 'shortcode' | 'till' | 'type' | 'credentials'
>

/** The accounts with these ids, whatever their age. */
export async function findAccounts(context: Context, ids: string[]): Promise<(Account | undefined)[]> {
  const rows = await context.database.query<Row>(sql`select * from provider_accounts where id = any (${ids}::uuid[])`)
  const accounts = new Map(rows.map((row) => [row.id, open(context, row)]))
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
  const [row] = await context.database.query<Row>(sql`
    select * from provider_accounts where merchant_id = ${merchant_id} and provider = ${provider} and environment = ${environment}
      and ${shortcode} in (shortcode, till) order by current desc, id desc limit 1`)
  return row && open(context, row)
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
  const rows = await context.database.query<Row>(
    sql`select * from provider_accounts where current and merchant_id = any (${merchants}::uuid[])`,
  )
  const accounts = new Map(rows.map((row) => [`${row.merchant_id} ${row.provider}`, open(context, row)]))
  return names.map((name) => accounts.get(name))
}

/**
 * Sets a merchant's account with a provider. Another environment, short code or till makes a new account, and the old one
 * stays for the checks and refunds of its payments; anything else changes the credentials of the present one.
 * @throws a Problem when a live short code belongs to another merchant, or when a live account may be changed by an owner only.
 */
export async function configureAccount(context: Context, input: AccountInput): Promise<Account> {
  const now = context.clock.now()
  return context.database.transaction(async (transaction) => {
    const present = await transaction.maybe<Row>(sql`
      select * from provider_accounts where merchant_id = ${input.merchant_id} and provider = ${input.provider} and current for update`)
    if (present?.environment === 'live' && !context.actor.startsWith('user:')) {
      throw new Problem(
        'owner_required',
        'The credentials of a live account are changed by an owner, in the dashboard.',
      )
    }
    const stays =
      present?.environment === input.environment && present.shortcode === input.shortcode && present.till === input.till
    if (stays && present.type === input.type) {
      const account = open(context, present)
      // Said again, as at every start: nothing to change, and the access token stays good.
      if (isDeepStrictEqual(account.credentials, input.credentials)) return account
    }
    const id = stays ? present.id : newId(now)
    const credentials = seal(
      context.config.secretKeys,
      'credentials',
      boundTo(input.merchant_id, id, 'credentials'),
      JSON.stringify(input.credentials),
    )
    if (present && !stays)
      await transaction.query(
        sql`update provider_accounts set current = false, updated_at = ${now} where id = ${present.id}`,
      )
    const row = await transaction
      .one<Row>(
        sql`
        insert into provider_accounts (id, merchant_id, provider, environment, shortcode, till, type, credentials, created_at, updated_at)
        values (${id}, ${input.merchant_id}, ${input.provider}, ${input.environment}, ${input.shortcode}, ${input.till}, ${input.type},
          ${credentials}, ${now}, ${now})
        on conflict (id) do update set type = excluded.type, credentials = excluded.credentials, updated_at = excluded.updated_at,
          access_token = null, access_token_expires_at = null
        returning *`,
      )
      .catch((error: { constraint?: string }) => {
        if (error.constraint !== 'provider_accounts_live') throw error
        throw new Problem(
          'conflict',
          `The live short code ${input.shortcode} belongs to another merchant of this installation.`,
          'mpesa.shortcode',
        )
      })
    const details = { environment: input.environment, shortcode: input.shortcode, till: input.till }
    await writeAudit(transaction, context, {
      merchant_id: input.merchant_id,
      action: 'provider.configured',
      subject: input.provider,
      details,
    })
    return open(context, row)
  })
}

function open(context: Context, row: Row): Account {
  const text = unseal(
    context.config.secretKeys,
    'credentials',
    boundTo(row.merchant_id, row.id, 'credentials'),
    row.credentials,
  )
  return { ...row, credentials: JSON.parse(text) as Credentials }
}

/** What a sealed column of an account is bound to: it opens nowhere else. */
export function boundTo(merchantId: string, accountId: string, column: string): string {
  return `${merchantId} ${accountId} ${column}`
}

/** True once any merchant of this installation takes real money. */
export async function hasLiveAccount(context: Context): Promise<boolean> {
  const rows = await context.database.query(
    sql`select 1 from provider_accounts where environment = 'live' and current limit 1`,
  )
  return rows.length > 0
}

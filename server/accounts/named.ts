import type { Caller } from '../access/key.ts'
import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { Problem } from '../problem.ts'
import type { ProviderName } from '../providers/names.ts'
import type { Account, AccountRow } from './account.ts'
import { openAccount } from './find.ts'

/** Which of a merchant's accounts: by its id or its name, else the default one with the provider. */
export type AccountName = { merchant_id: string; provider?: ProviderName; account?: string | undefined }

/** The account that new payments use where they name none. @throws a Problem when there is none. */
export function defaultAccount(context: Context, merchant_id: string, provider: ProviderName): Promise<Account> {
  return namedAccount(context, { merchant_id, provider })
}

/**
 * The account that is named. Of one name, that which is in use.
 * @throws a Problem when there is none, or when it is with another provider.
 */
export async function namedAccount(context: Context, name: AccountName): Promise<Account> {
  const { provider, account: named } = name
  const account = await context.gather(findNamedAccounts, name)
  if (account && (provider === undefined || account.provider === provider)) return account
  if (account)
    throw new Problem(
      'invalid_request',
      `The account ${named} is with ${account.provider}, not ${provider}.`,
      'account',
    )
  if (named !== undefined)
    throw new Problem(
      'not_found',
      { said: `There is no account "${named}" here.`, byApi: 'GET /v1/merchant/accounts shows their names and ids.' },
      'account',
    )
  throw new Problem(
    'provider_not_configured',
    {
      said: `This merchant has no ${provider} account. Set one first.`,
      byApi: `That is PUT /v1/merchant/providers/${provider}.`,
    },
    'provider',
  )
}

/**
 * The account that requests with this key concern. @throws a Problem when there is none, or when it is live and the key is not.
 */
export async function accountOfCaller(
  context: Context,
  { merchant_id, mode }: Pick<Caller, 'merchant_id' | 'mode'>,
  { provider, account: named }: { provider: ProviderName; account?: string | undefined },
): Promise<Account> {
  const account = await namedAccount(context, { merchant_id, provider, account: named })
  if (account.environment !== 'live' || mode === 'live') return account
  throw new Problem('forbidden', 'The account is live, and this is a test key. Use a live key (sk_live_…).')
}

/** The rows of one account, where a list is narrowed to one. @throws a Problem when there is no such account. */
export async function isOfAccount(
  context: Context,
  { merchant_id, filter: { account: named } }: { merchant_id: string; filter: { account?: string | undefined } },
): Promise<Sql | undefined> {
  if (named === undefined) return undefined
  const account = await namedAccount(context, { merchant_id, account: named })
  return sql`provider_account_id = ${account.id}`
}

/** @throws a Problem when an account was ended: nothing new is made with it. */
export function refuseEnded({ name, ended_at }: Account): void {
  if (!ended_at) return
  throw new Problem(
    'conflict',
    {
      said: `The account "${name}" was ended, and stays for what was made with it. Name another, or bring it back.`,
      byApi: 'That is PATCH /v1/merchant/accounts with "ended": false.',
    },
    'account',
  )
}

async function findNamedAccounts(context: Context, wanted: AccountName[]): Promise<(Account | undefined)[]> {
  const named = wanted.map(({ merchant_id, provider, account }, number) => {
    const id = account && parseId('acc', account)
    return { number, merchant_id, provider, id, name: id ? undefined : account }
  })
  const found = await context.database.query<AccountRow & { number: number }>(sql.named`
    select distinct on (n.number) n.number, a.*
    from ${rows(named, 'n', { number: 'int', merchant_id: 'uuid', provider: 'text', id: 'uuid', name: 'text' })}
    join provider_accounts a on a.merchant_id = n.merchant_id
      and case when n.id is not null then a.id = n.id
        when n.name is not null then lower(a.name) = lower(n.name)
        else a.is_default and a.provider = n.provider end
    order by n.number, a.ended_at is null desc, a.id desc`)
  const accounts = new Map(found.map(({ number, ...row }) => [number, openAccount(context, row)]))
  return wanted.map((_, number) => accounts.get(number))
}

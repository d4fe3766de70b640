import { isDeepStrictEqual } from 'node:util'
import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { seal } from '../secret.ts'
import { boundTo } from './account.ts'
import type { Account, AccountRow, Credentials } from './account.ts'
import { openAccount } from './find.ts'
import { requireLiveAddress } from './live-address.ts'

/** Credentials as somebody gives them: what is not given stays as the account has it, and `null` takes it away. */
export type GivenCredentials = { [Name in keyof Credentials]?: Credentials[Name] | null | undefined }

/** What `configureAccount` is given. */
export type AccountInput = Pick<Account, 'merchant_id' | 'provider' | 'environment' | 'shortcode' | 'till' | 'type'> & {
  credentials: GivenCredentials
}

/**
 * Sets a merchant's account with a provider. Environment, short code and till say which one: the present one, one of the past,
 * which comes back with its operator and registrations, or a new one. The present one stays for the checks and refunds of its
 * payments. Where nothing changes, nothing is done.
 * @throws a Problem when a credential is missing, when a live short code belongs to another merchant, when a live account has no
 *   address for callbacks, and when a live account may be changed by an owner only.
 */
export async function configureAccount(context: Context, input: AccountInput): Promise<Account> {
  return context.database.transaction(async (transaction) => {
    const accounts = await accountsOf(context, transaction, input)
    const present = accounts.find(({ current }) => current)
    const known = present && isSame(present, input) ? present : accounts.find((account) => isSame(account, input))
    const credentials = merge(known?.credentials, input.credentials)
    const isKnown = known?.type === input.type && isDeepStrictEqual(known.credentials, credentials)
    if (isKnown && known.current) return known

    refuseUnlessOwner(context, present?.environment === 'live' ? present : isKnown ? undefined : known)
    if (input.environment === 'live' && !known?.current) requireLiveAddress(context.config)
    if (present && present !== known) await putAside(context, transaction, present)
    const account = await write(context, transaction, { input, known, credentials })
    const { environment, shortcode, till } = input
    await writeAudit(transaction, context, {
      merchant_id: input.merchant_id,
      action: 'provider.configured',
      subject: input.provider,
      details: { environment, shortcode, till },
    })
    return account
  })
}

/** Every account of the merchant with this provider, the youngest first, held until the transaction ends. */
async function accountsOf(
  context: Context,
  transaction: Transaction,
  { merchant_id, provider }: AccountInput,
): Promise<Account[]> {
  const rows = await transaction.query<AccountRow>(sql`
    select * from provider_accounts where merchant_id = ${merchant_id} and provider = ${provider} order by id desc for update`)
  return rows.map((row) => openAccount(context, row))
}

function isSame(account: Account, { environment, shortcode, till }: AccountInput): boolean {
  return account.environment === environment && account.shortcode === shortcode && account.till === till
}

function merge(known: Credentials | undefined, given: GivenCredentials): Credentials {
  const changes = Object.entries(given).filter(([, value]) => value !== undefined)
  const all = { ...known, ...Object.fromEntries(changes) } as GivenCredentials
  const missing = (['consumer_key', 'consumer_secret', 'passkey'] as const).find((name) => !all[name])
  if (missing) throw new Problem('invalid_request', `The account needs its ${missing}.`, `mpesa.${missing}`)
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as Credentials
}

/** @throws a Problem when the account that is changed is live, and a key asks. */
function refuseUnlessOwner({ actor }: Context, changed: Account | undefined): void {
  if (changed?.environment !== 'live' || actor.startsWith('user:')) return
  const merchant = showId('mer', changed.merchant_id)
  throw new Problem(
    'owner_required',
    `A live account is changed by whoever runs this server, on the machine itself: lango merchants provider mpesa --merchant ${merchant} --help`,
  )
}

async function putAside({ clock }: Context, transaction: Transaction, { id }: Account): Promise<void> {
  await transaction.query(
    sql`update provider_accounts set current = false, updated_at = ${clock.now()} where id = ${id}`,
  )
}

type NewAccount = Omit<AccountInput, 'credentials'> &
  Pick<AccountRow, 'id' | 'credentials'> & { created_at: Date; updated_at: Date }

type Change = { input: AccountInput; known: Account | undefined; credentials: Credentials }

async function write(
  context: Context,
  transaction: Transaction,
  { input, known, credentials }: Change,
): Promise<Account> {
  const now = context.clock.now()
  const { merchant_id, provider, environment, shortcode, till, type } = input
  const id = known?.id ?? newId(now)
  const { secretKeys } = context.config
  const sealed = seal(secretKeys, 'credentials', boundTo(merchant_id, id, 'credentials'), JSON.stringify(credentials))
  const keepsToken =
    known?.credentials.consumer_key === credentials.consumer_key &&
    known.credentials.consumer_secret === credentials.consumer_secret
  const stored: NewAccount = {
    id,
    merchant_id,
    provider,
    environment,
    shortcode,
    till,
    type,
    credentials: sealed,
    created_at: now,
    updated_at: now,
  }
  const row = transaction.one<AccountRow>(sql`
    insert into provider_accounts ${columns<NewAccount>(stored)}
    on conflict (id) do update set type = excluded.type, credentials = excluded.credentials, updated_at = excluded.updated_at,
      current = true,
      access_token = case when ${keepsToken} then provider_accounts.access_token end,
      access_token_expires_at = case when ${keepsToken} then provider_accounts.access_token_expires_at end
    returning *`)
  return row.then(
    (account) => openAccount(context, account),
    (error: unknown) => {
      throw explain(error, input)
    },
  )
}

function explain(error: unknown, { shortcode }: AccountInput): unknown {
  switch ((error as { constraint?: string }).constraint) {
    case 'provider_accounts_live':
      return new Problem(
        'conflict',
        `The live short code ${shortcode} belongs to another merchant of this installation.`,
        'mpesa.shortcode',
      )
    case 'provider_accounts_current':
      return new Problem(
        'conflict',
        'The account was set by another request at this very moment. Look at it, and try again.',
      )
    default:
      return error
  }
}

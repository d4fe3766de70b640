import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId } from '../id.ts'
import { Problem } from '../problem.ts'
import { seal } from '../secret.ts'
import { boundTo } from './account.ts'
import type { Account, AccountRow, Credentials } from './account.ts'
import { openAccount } from './find.ts'

/** An account as it shall be: a new one, or `known`, which keeps its registrations. */
export type AccountChange = Pick<
  Account,
  'merchant_id' | 'provider' | 'environment' | 'shortcode' | 'till' | 'type' | 'name' | 'is_default' | 'credentials'
> & { known: Account | undefined; ended_at?: Date | null }

type Written = Omit<AccountChange, 'known' | 'credentials' | 'ended_at'> &
  Pick<AccountRow, 'id' | 'credentials' | 'ended_at' | 'created_at'> & { updated_at: Date }

/** Every account of a merchant, the youngest first, held until the transaction ends. */
export async function holdAccounts(
  context: Context,
  transaction: Transaction,
  { merchant_id }: Pick<Account, 'merchant_id'>,
): Promise<Account[]> {
  const rows = await transaction.query<AccountRow>(
    sql`select * from provider_accounts where merchant_id = ${merchant_id} order by id desc for update`,
  )
  return rows.map((row) => openAccount(context, row))
}

/**
 * Writes an account down. Its access token stays as long as it is that of the same app.
 * @throws a Problem when its name is another's, or when its short code is that of another merchant who takes real money with it.
 */
export async function writeAccount(
  context: Context,
  transaction: Transaction,
  { known, credentials, ...change }: AccountChange,
): Promise<Account> {
  const now = context.clock.now()
  const id = known?.id ?? newId(now)
  const { merchant_id, provider, environment, shortcode, till, type, name, is_default, ended_at = null } = change
  if (environment === 'live' && !ended_at) await refuseShortcodeOfAnother(transaction, change)
  const bound = boundTo(merchant_id, id, 'credentials')
  const sealed = seal(context.config.secretKeys, 'credentials', bound, JSON.stringify(credentials))
  const keepsToken = known !== undefined && isOfSameApp(known.credentials, credentials)
  const row = transaction.one<AccountRow>(sql`
    insert into provider_accounts ${oneRow<Written>({
      id,
      merchant_id,
      provider,
      environment,
      shortcode,
      till,
      type,
      name,
      is_default,
      ended_at,
      credentials: sealed,
      created_at: now,
      updated_at: now,
    })}
    on conflict (id) do update set type = excluded.type, credentials = excluded.credentials, name = excluded.name,
      is_default = excluded.is_default, ended_at = excluded.ended_at, updated_at = excluded.updated_at,
      access_token = case when ${keepsToken} then provider_accounts.access_token end,
      access_token_expires_at = case when ${keepsToken} then provider_accounts.access_token_expires_at end
    returning *`)
  return row.then(
    (written) => openAccount(context, written),
    (error: unknown) => {
      throw explain(error, change)
    },
  )
}

/** True where an access token that was given for the one is good for the other. */
function isOfSameApp(known: Credentials, credentials: Credentials): boolean {
  const ofApp = (all: Credentials) =>
    'api_key' in all ? [all.api_key, all.secret] : [all.consumer_key, all.consumer_secret]
  return ofApp(known).join('\n') === ofApp(credentials).join('\n')
}

/** Lets an account be the default no longer, and, where it is `ended`, be used for nothing new. */
export async function stepDown(
  { clock }: Context,
  transaction: Transaction,
  { id }: Account,
  { ended }: { ended: boolean },
): Promise<void> {
  const now = clock.now()
  await transaction.query(sql`
    update provider_accounts set is_default = false, ended_at = ${ended ? now : null}, updated_at = ${now} where id = ${id}`)
}

const liveTurn = 52_648

/** Money of one short code has one owner: also the tills of one store are one merchant's. Merchants are looked at in turn. */
async function refuseShortcodeOfAnother(
  transaction: Transaction,
  { merchant_id, provider, shortcode, till }: Pick<Account, 'merchant_id' | 'provider' | 'shortcode' | 'till'>,
): Promise<void> {
  await transaction.query(sql`select pg_advisory_xact_lock(${liveTurn}::bigint)`)
  const codes = till === null ? [shortcode] : [shortcode, till]
  const other = await transaction.maybe<Pick<Account, 'shortcode' | 'till'>>(sql`
    select shortcode, till from provider_accounts where environment = 'live' and ended_at is null and provider = ${provider}
      and merchant_id <> ${merchant_id} and (shortcode = any (${codes}::text[]) or till = any (${codes}::text[])) limit 1`)
  if (!other) return
  const code = codes.find((one) => one === other.shortcode || one === other.till)
  throw new Problem(
    'conflict',
    provider === 'mpesa'
      ? `The live short code ${code} belongs to another merchant of this installation.`
      : `The live number ${code} belongs to another merchant of this installation.`,
    provider === 'mpesa' ? 'mpesa.shortcode' : 'pesaflow.api_client_id',
  )
}

function explain(error: unknown, { name }: Pick<Account, 'name'>): unknown {
  switch ((error as { constraint?: string }).constraint) {
    case 'provider_accounts_name':
      return new Problem('conflict', `Another account has the name "${name}": give this one a name of its own.`, 'name')
    case 'provider_accounts_code':
    case 'provider_accounts_default':
      return new Problem(
        'conflict',
        'The account was set by another request at this very moment. Look at it, and try again.',
      )
    default:
      return error
  }
}

import { isDeepStrictEqual } from 'node:util'
import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId } from '../id.ts'
import { Problem } from '../problem.ts'
import { seal } from '../secret.ts'
import { boundTo } from './account.ts'
import type { Account, AccountRow } from './account.ts'
import { openAccount } from './find.ts'

/** What `configureAccount` is given. */
export type AccountInput = Pick<
  Account,
  'merchant_id' | 'provider' | 'environment' | 'shortcode' | 'till' | 'type' | 'credentials'
>

/**
 * Sets a merchant's account with a provider. Another environment, short code or till makes a new account, and the old one
 * stays for the checks and refunds of its payments; anything else changes the credentials of the present one.
 * @throws a Problem when a live short code belongs to another merchant, or when a live account may be changed by an owner only.
 */
export async function configureAccount(context: Context, input: AccountInput): Promise<Account> {
  const now = context.clock.now()
  return context.database.transaction(async (transaction) => {
    const present = await transaction.maybe<AccountRow>(sql`
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
      const account = openAccount(context, present)
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
    const account = await storeAccount(transaction, { ...input, id, credentials, created_at: now, updated_at: now })
    const details = { environment: input.environment, shortcode: input.shortcode, till: input.till }
    await writeAudit(transaction, context, {
      merchant_id: input.merchant_id,
      action: 'provider.configured',
      subject: input.provider,
      details,
    })
    return openAccount(context, account)
  })
}

type NewAccount = Omit<AccountInput, 'credentials'> &
  Pick<AccountRow, 'id' | 'credentials'> & { created_at: Date; updated_at: Date }

function storeAccount(transaction: Transaction, account: NewAccount): Promise<AccountRow> {
  const stored = transaction.one<AccountRow>(sql`
    insert into provider_accounts ${columns<NewAccount>({
      id: account.id,
      merchant_id: account.merchant_id,
      provider: account.provider,
      environment: account.environment,
      shortcode: account.shortcode,
      till: account.till,
      type: account.type,
      credentials: account.credentials,
      created_at: account.created_at,
      updated_at: account.updated_at,
    })}
    on conflict (id) do update set type = excluded.type, credentials = excluded.credentials, updated_at = excluded.updated_at,
      access_token = null, access_token_expires_at = null
    returning *`)
  return stored.catch((error: { constraint?: string }) => {
    if (error.constraint !== 'provider_accounts_live') throw error
    throw new Problem(
      'conflict',
      `The live short code ${account.shortcode} belongs to another merchant of this installation.`,
      'mpesa.shortcode',
    )
  })
}

import type { Account } from '../accounts/account.ts'
import { findAccounts } from '../accounts/find.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Posted } from '../providers/posted.ts'
import type { Provider } from '../providers/provider.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { Arrival } from './arrival.ts'
import { accountOfSubject } from './subject.ts'

/** The arrival, in doubt if it bears a wrong signature: then its token has no power until a check confirms it. */
export async function judgeSignature(context: Context, arrival: Arrival): Promise<Arrival> {
  const { judge } = providerOf(context, arrival).callbacks
  // Most bear none, and then nothing has to be looked up.
  if ((await judge(arrival)) === 'absent') return arrival
  const account = await accountOfSubject(context, arrival)
  return (await judge(arrival, account)) === 'wrong' ? { ...arrival, doubt: 'forged' } : arrival
}

/** True when a body without a token is signed by a secret of the account whose request it names. */
export async function isSignedForRequest(
  context: Context,
  { callbacks: { judge } }: Provider,
  posted: Posted,
  requestId: string,
): Promise<boolean> {
  if ((await judge(posted)) === 'absent') return false
  const accounts = await accountsOf(
    context,
    sql`
    select provider_account_id as id from payments where provider_ref = ${requestId} and check_at is not null
    union all select provider_account_id from refunds where conversation_id = ${requestId} and check_at is not null
    union all select provider_account_id from payouts where conversation_id = ${requestId} and check_at is not null`,
  )
  const judged = await Promise.all(accounts.map(async (account) => judge(posted, account)))
  return judged.includes('valid')
}

async function accountsOf(context: Context, accountIds: Sql): Promise<Account[]> {
  const rows = await context.database.query<{ id: string }>(accountIds)
  const accounts = await findAccounts(
    context,
    rows.map(({ id }) => id),
  )
  return accounts.flatMap((account) => account ?? [])
}

import type { Account } from '../accounts/account.ts'
import { accountOf } from '../accounts/find.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'

/** What a token can name. */
export type Subject = { noun: 'payment' | 'refund' | 'payout' | 'account'; provider_account_id: string }

/** What a merchant has under the id that a token names. */
export function findSubject(
  { database }: Context,
  { merchant_id, subject_id }: { merchant_id: string; subject_id: string },
): Promise<Subject | undefined> {
  const named = sql`merchant_id = ${merchant_id} and id = ${subject_id}`
  return database.maybe<Subject>(sql.named`
    select 'payment' as noun, provider_account_id from payments where ${named}
    union all select 'refund', provider_account_id from refunds where ${named}
    union all select 'payout', provider_account_id from payouts where ${named}
    union all select 'account', id from provider_accounts where ${named}`)
}

/** The account that what a token names was made with. */
export async function accountOfSubject(
  context: Context,
  name: { merchant_id: string; subject_id: string },
): Promise<Account | undefined> {
  const subject = await findSubject(context, name)
  return subject && accountOf(context, subject)
}

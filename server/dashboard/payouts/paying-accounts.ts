import type { Caller } from '../../access/key.ts'
import type { Context } from '../../context.ts'
import { accountsOf, accountsThat } from '../accounts.ts'
import type { NamedAccount } from '../accounts.ts'

/** The accounts from which money can be sent. */
export async function payingAccounts(
  context: Context,
  caller: Pick<Caller, 'merchant_id' | 'mode'>,
): Promise<NamedAccount[]> {
  return accountsThat(context, await accountsOf(context, caller), ({ payouts }) => payouts !== undefined)
}

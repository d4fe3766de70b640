import type { Account } from '../accounts/account.ts'
import { accountOf } from '../accounts/find.ts'
import { namedAccount } from '../accounts/named.ts'
import type { Context } from '../context.ts'
import { findPayments } from './find.ts'
import type { PaymentInput } from './intent.ts'

/**
 * The account that a payment is made with: the one that is named; else, where a failed payment is tried again, the one that it was
 * made with, while that is in use; else the default one. @throws a Problem when there is none.
 */
export async function chooseAccount(
  context: Context,
  input: Pick<PaymentInput, 'merchant_id' | 'mode' | 'provider' | 'account' | 'retry_of'>,
): Promise<Account> {
  const { merchant_id, mode, account, retry_of: id } = input
  const failed = id && !account ? await context.gather(findPayments, { merchant_id, mode, id }) : undefined
  const former = failed && (await accountOf(context, failed))
  return former && !former.ended_at ? former : namedAccount(context, input)
}

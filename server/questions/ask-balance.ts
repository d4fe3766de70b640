import type { Context } from '../context.ts'
import { accountOfCaller } from '../accounts/named.ts'
import { writeAudit } from '../access/audit.ts'
import type { Caller } from '../access/key.ts'
import { takenOrThrow } from './ask-status.ts'
import type { Acknowledged } from '../providers/outcome.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import { providerWords } from '../providers/names.ts'

/**
 * Asks M-Pesa what an account of the merchant holds. What comes back is that the question was taken; the answer comes by callback.
 * @throws a Problem when the account has no API operator, or when M-Pesa did not take the question.
 */
export async function askBalance(
  context: Context,
  caller: Pick<Caller, 'merchant_id' | 'mode'> & { account?: string | undefined },
): Promise<Acknowledged> {
  const account = await accountOfCaller(context, caller, { provider: 'mpesa', account: caller.account })
  const { ask } = supported(
    providerOf(context, account).balances,
    `The provider ${providerWords[account.provider]} tells no balance.`,
  )
  const outcome = await ask(context, account)
  await writeAudit(context.database, context, {
    merchant_id: caller.merchant_id,
    action: 'balance.asked',
    subject: account.shortcode,
  })
  return takenOrThrow(outcome)
}

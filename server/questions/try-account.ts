import { findAccount } from '../accounts/find.ts'
import { mpesaCredentials } from '../accounts/account.ts'
import type { Account } from '../accounts/account.ts'
import type { Mode } from '../access/key.ts'
import type { Context } from '../context.ts'
import type { Examined } from '../providers/examined.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import { providerWords } from '../providers/names.ts'

type Named = { merchant_id: string; id: string; mode: Mode }

/**
 * Finds out whether the provider takes what an account was given. Where it has an operator, the balance is asked for too, whose answer
 * comes by callback.
 * @throws a Problem when there is no such account, or when the provider cannot say.
 */
export async function tryAccount(context: Context, named: Named): Promise<{ account: Account; examined: Examined[] }> {
  const account = await findAccount(context, named)
  const provider = providerOf(context, account)
  const { examine } = supported(
    provider.credentials,
    `The provider ${providerWords[account.provider]} does not say whether credentials are right.`,
  )
  const examined = await examine(context, account)
  const isKnown = examined.every(({ outcome }) => outcome === 'right')
  return { account, examined: isKnown ? [...examined, ...(await tryOperator(context, account))] : examined }
}

async function tryOperator(context: Context, account: Account): Promise<Examined[]> {
  const { balances } = providerOf(context, account)
  const what = 'API operator'
  if (!balances) return []
  if (!mpesaCredentials(account).initiator)
    return [{ what, outcome: 'unknown', message: 'There is none: refunds, payouts and balances need one.' }]
  const outcome = await balances.ask(context, account)
  if (outcome.kind === 'refused') return [{ what, outcome: 'wrong', message: outcome.message }]
  return [
    { what, outcome: 'unknown', message: 'M-Pesa was asked for the balance. What it says shows here in a moment.' },
  ]
}

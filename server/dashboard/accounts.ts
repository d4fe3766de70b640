import type { Mode } from '../access/key.ts'
import { showId } from '../id.ts'
import { listAccounts } from '../accounts/find.ts'
import { placeOf } from '../accounts/place.ts'
import type { Context } from '../context.ts'
import { Problem } from '../problem.ts'
import type { ProviderName } from '../providers/names.ts'
import type { Provider } from '../providers/provider.ts'

/** An account as pages name it. */
export type NamedAccount = {
  id: string
  provider: ProviderName
  name: string
  environment: string
  place: string
  isDefault: boolean
  isRegistered: boolean
}

const accountsMax = 100

/** The accounts of a merchant that are in use, with real money or without it, by provider, and of each the default one first. */
export async function accountsOf(
  context: Context,
  { merchant_id, mode }: { merchant_id: string; mode: Mode },
): Promise<NamedAccount[]> {
  const { rows } = await listAccounts(context, { merchant_id, mode, filter: { ended: false }, limit: accountsMax })
  return rows
    .filter(({ environment }) => mode === 'test' || environment === 'live')
    .map((account) => ({
      id: showId('acc', account.id),
      provider: account.provider,
      name: account.name,
      environment: account.environment,
      place: placeOf(account),
      isDefault: account.is_default,
      isRegistered: account.pull_registered_at !== null,
    }))
    .sort(
      (left, right) =>
        left.provider.localeCompare(right.provider) ||
        Number(right.isDefault) - Number(left.isDefault) ||
        left.name.localeCompare(right.name),
    )
}

/** Those whose provider can do something. */
export function accountsThat(
  { providers }: Pick<Context, 'providers'>,
  accounts: NamedAccount[],
  can: (provider: Provider) => boolean,
): NamedAccount[] {
  return accounts.filter(({ provider }) => providers[provider] && can(providers[provider]))
}

/**
 * The account that was chosen, by its id or its name, of those that there are to choose from; the first, where there was nothing to
 * choose. Where none is left out, the default of the business could be one for tests, before somebody who looks at real money.
 * @throws a Problem when there is none.
 */
export function accountChosen(accounts: NamedAccount[], chosen: string | undefined): NamedAccount {
  const account = chosen ? accounts.find(({ id, name }) => id === chosen || isSame(name, chosen)) : accounts[0]
  if (account) return account
  if (accounts.length === 0) throw new Problem('provider_not_configured', noAccountWords, 'account')
  throw new Problem('not_found', 'The account that was chosen cannot be used here. Choose another.', 'account')
}

/** What is said where there is no account that could be used. */
export const noAccountWords = 'There is no account for this yet. An owner adds one under Keys & accounts.'

function isSame(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase()
}

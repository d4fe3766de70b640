import type { Mode } from '../access/key.ts'
import { showId } from '../id.ts'
import { listAccounts } from '../accounts/find.ts'
import { placeOf } from '../accounts/place.ts'
import type { Context } from '../context.ts'
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

/** The provider of the account that was chosen; of the first, where there was nothing to choose. */
export function providerChosen(accounts: NamedAccount[], chosen: string | undefined): ProviderName {
  return (accounts.find(({ id }) => id === chosen) ?? accounts[0])?.provider ?? 'mpesa'
}

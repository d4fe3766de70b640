import type { Context } from '../context.ts'
import { Problem } from '../problem.ts'
import type { ProviderName } from './names.ts'
import type { Provider } from './provider.ts'

/** The provider of this name. @throws a Problem when this installation has none. */
export function providerOf(
  { providers }: Pick<Context, 'providers'>,
  { provider }: { provider: ProviderName },
): Provider {
  const spoken = Object.keys(providers).join(', ')
  return supported(providers[provider], `The provider ${provider} is not there yet: this Lango speaks to ${spoken}.`)
}

/** What a provider can do, if it can. @throws a Problem that says what it cannot. */
export function supported<Capability>(capability: Capability | undefined, otherwise: string): Capability {
  if (capability === undefined) throw new Problem('not_supported', otherwise, 'provider')
  return capability
}

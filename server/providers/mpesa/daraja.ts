import { createDaraja } from '@lango/daraja'
import type { Daraja } from '@lango/daraja'
import type { Context } from '../../context.ts'
import { sharedToken } from '../../accounts/access-token.ts'
import { mpesaCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'

/** The Daraja client of an account, with the access token that all nodes share. */
export function darajaOf(context: Context, account: Account): Daraja {
  const { consumer_key, consumer_secret } = mpesaCredentials(account)
  return createDaraja({
    baseUrl: context.config.darajaUrls[account.environment],
    consumerKey: consumer_key,
    consumerSecret: consumer_secret,
    fetch: context.fetch,
    now: () => context.clock.now(),
    tokenStore: sharedToken(context, account),
  })
}

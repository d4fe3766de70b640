import { BASE_URLS, createPesaflow } from '@lango/pesaflow'
import type { Pesaflow } from '@lango/pesaflow'
import { sharedToken } from '../../accounts/access-token.ts'
import { pesaflowCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'

const hostOfMost = 'payments.ecitizen.go.ke'

/** The Pesaflow client of an account, with the access token that all nodes share. */
export function pesaflowOf(context: Context, account: Account): Pesaflow {
  const { api_key, secret } = pesaflowCredentials(account)
  return createPesaflow({
    baseUrl: baseUrlOf(context.config, account),
    apiClientId: account.shortcode,
    apiKey: api_key,
    secret,
    fetch: context.fetch,
    now: () => context.clock.now(),
    tokenStore: sharedToken(context, account),
  })
}

/** Where Pesaflow answers for an account: the simulator speaks it beside Daraja. */
export function baseUrlOf({ darajaUrls }: Pick<Config, 'darajaUrls'>, account: Account): string {
  switch (account.environment) {
    case 'simulator':
      return darajaUrls.simulator
    case 'sandbox':
      return BASE_URLS.test
    case 'live':
      return `https://${pesaflowCredentials(account).host ?? hostOfMost}`
  }
}

/** True for a page to which a payer may be sent: one of the host that was asked, or of eCitizen. */
export function isOfEcitizen(config: Pick<Config, 'darajaUrls'>, account: Account, link: string): boolean {
  const url = URL.parse(link)
  const base = new URL(baseUrlOf(config, account))
  if (!url) return false
  if (url.host === base.host) return url.protocol === base.protocol
  return url.protocol === 'https:' && /(?:^|\.)(?:ecitizen\.go\.ke|pesaflow\.com)$/.test(url.host)
}

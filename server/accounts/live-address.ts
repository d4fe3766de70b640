import { addressesOf } from '../addresses.ts'
import type { Config } from '../config.ts'
import type { Settings } from '../settings.ts'
import { CannotStart } from '../cannot-start.ts'
import type { Account } from './account.ts'
import { sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'
import { Problem } from '../problem.ts'
import { whyNotCallable } from '../public-url.ts'

/**
 * Where real money would be told of, and why that cannot be; undefined when it can. M-Pesa posts to https addresses of the Internet
 * only, and sends a request with any other back.
 */
function liveAddressProblem({
  publicUrl,
  callbackBaseUrl = publicUrl,
}: Pick<Config, 'publicUrl' | 'callbackBaseUrl'>): string | undefined {
  const reasons = [publicUrl, callbackBaseUrl].flatMap((url) => whyNotCallable(url).map((why) => `${url} ${why}`))
  return reasons[0]
}

const teller = { mpesa: 'Safaricom', pesaflow: 'eCitizen' }

/** @throws a Problem when an account would be live at an address to which the provider cannot post. */
export function requireLiveAddress(
  config: Pick<Config, 'publicUrl' | 'callbackBaseUrl'>,
  { provider }: Pick<Account, 'provider'>,
): void {
  const why = liveAddressProblem(config)
  if (!why) return
  throw new Problem(
    'not_supported_in_environment',
    `A live account needs an address at which ${teller[provider]} can tell of payments, and ${why}. Whoever runs this server sets PUBLIC_URL to its https address, and starts it again.`,
    `${provider}.env`,
  )
}

/** @throws CannotStart when there is a live account, and Safaricom could not post to where this server would have it posted. */
export async function requireLiveAddressOfAll(queryable: Queryable, settings: Settings): Promise<void> {
  const why = liveAddressProblem(addressesOf(settings, `http://localhost:${settings.PORT}`))
  if (!why) return
  const [account] = await queryable.query<{ name: string; shortcode: string }>(sql`
    select m.name, a.shortcode from provider_accounts a join merchants m on m.id = a.merchant_id
    where a.environment = 'live' and a.ended_at is null and m.deleted_at is null limit 1`)
  if (!account) return
  throw new CannotStart(
    `The account ${account.shortcode} of ${account.name} is live, and ${why}: Safaricom could not tell of payments. ` +
      'Set PUBLIC_URL to the https address at which the Internet reaches this server.',
  )
}

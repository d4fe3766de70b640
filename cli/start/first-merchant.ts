import { configureAccount, hasKey, inTurn, merchantOfInstallation, recallOfInstallation, scopes } from '@lango/server'
import type { Account, AccountInput, Context, Settings } from '@lango/server'
import { firstMerchantFile } from '../home.ts'
import { keptKey, makeKey } from './kept-key.ts'

// Sending money away is never among the scopes by default.
const granted = scopes.filter((scope) => scope !== 'payouts:write')

/** What the MPESA_ settings made. */
export type FirstMerchant = {
  name: string
  account: Account
  mode: 'test' | 'live'
  /** Undefined for a live key that was shown before. */
  key: string | undefined
}

/** True when the MPESA_ settings describe an account. That they are complete is seen to where the settings are read. */
function describesAccount(settings: Settings): boolean {
  return settings.MPESA_CONSUMER_KEY !== undefined
}

/** Sets the account that the MPESA_ settings describe, for the first merchant of the installation, and provides a key of it. */
export async function prepareFirstMerchant(context: Context, settings: Settings): Promise<FirstMerchant | undefined> {
  if (!describesAccount(settings)) return undefined
  return inTurn(context.database, async () => {
    const merchant = await merchantOfInstallation(context, 'first_merchant', 'main')
    const account = await configureAccount(
      { ...context, actor: 'user:settings', isOwner: true },
      accountOf(settings, merchant.id),
    )
    const mode = account.environment === 'live' ? 'live' : 'test'
    if (mode === 'test') {
      const { key } = await keptKey(context, merchant, { file: firstMerchantFile(settings), mode, scopes: granted })
      return { name: merchant.name, account, mode, key }
    }
    // A key to real money is shown once, and kept by nobody but who was shown it.
    const isKnown = await hasKey(context, { merchant_id: merchant.id, mode })
    const made = isKnown ? undefined : await makeKey(context, merchant, { mode, scopes: granted })
    return { name: merchant.name, account, mode, key: made?.key }
  })
}

/** True for the account that the MPESA_ settings set again at each start. */
export async function isSetBySettings(context: Context, settings: Settings, account: Account): Promise<boolean> {
  if (!describesAccount(settings)) return false
  return account.merchant_id === (await recallOfInstallation(context.database, 'first_merchant'))
}

function accountOf(settings: Settings, merchant_id: string): AccountInput {
  return {
    merchant_id,
    provider: 'mpesa',
    environment: settings.MPESA_ENVIRONMENT ?? 'sandbox',
    shortcode: settings.MPESA_BUSINESS_SHORT_CODE!,
    till: null,
    type: 'paybill',
    credentials: {
      consumer_key: settings.MPESA_CONSUMER_KEY!,
      consumer_secret: settings.MPESA_CONSUMER_SECRET!,
      passkey: settings.MPESA_PASS_KEY!,
    },
  }
}

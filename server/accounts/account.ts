import type { Balance } from '../providers/balance.ts'
import type { Environment, ProviderName } from '../providers/names.ts'

/** What a merchant was given by the provider, in plain text. It never leaves the process but towards the provider. */
export type Credentials = {
  consumer_key: string
  consumer_secret: string
  passkey: string
  initiator?: string
  security_credential?: string
  nominated_number?: string
  result_url?: string
  timeout_url?: string
}

/** A merchant's account with a provider, credentials opened. A payment keeps the account it was made with. */
export type Account = {
  id: string
  merchant_id: string
  provider: ProviderName
  environment: Environment
  shortcode: string
  till: string | null
  type: 'paybill' | 'till'
  /** As the merchant calls it, such as a branch; no two that are in use share one. */
  name: string
  /** What names no account uses this one. */
  is_default: boolean
  /** Since when nothing new is made with it. */
  ended_at: Date | null
  credentials: Credentials
  access_token: Buffer | null
  access_token_expires_at: Date | null
  c2b_token: string | null
  pull_token: string | null
  c2b_registered_at: Date | null
  c2b_default_action: 'accept' | 'reject'
  pull_registered_at: Date | null
  reconcile_at: Date | null
  reconciled_until: Date | null
  reconcile_problem: string | null
  balance: Balance[] | null
  balance_at: Date | null
  balance_problem: string | null
  created_at: Date
}

/** An account as the database holds it, its credentials sealed. */
export type AccountRow = Omit<Account, 'credentials'> & { credentials: Buffer }

/** The number that customers pay to. */
export function codeOf({ shortcode, till }: Pick<Account, 'shortcode' | 'till'>): string {
  return till ?? shortcode
}

/** What a sealed column of an account is bound to: it opens nowhere else. */
export function boundTo(merchantId: string, accountId: string, column: string): string {
  return `${merchantId} ${accountId} ${column}`
}

import type { Balance } from '../providers/balance.ts'
import type { Environment, ProviderName } from '../providers/names.ts'

/** What a merchant was given by M-Pesa, in plain text. It never leaves the process but towards M-Pesa. */
export type MpesaCredentials = {
  consumer_key: string
  consumer_secret: string
  passkey: string
  initiator?: string
  security_credential?: string
  nominated_number?: string
  result_url?: string
  timeout_url?: string
}

/** What a merchant was given by Pesaflow: the key and the secret of its client number, and how notifications are hashed. */
export type PesaflowCredentials = {
  api_key: string
  secret: string
  /** Which of eCitizen's hosts it was told to use in production. */
  host?: string
  ipn_recipe?: string
}

export type Credentials = MpesaCredentials | PesaflowCredentials

/** The credentials without which an account with a provider can do nothing. */
export const neededCredentials = {
  mpesa: ['consumer_key', 'consumer_secret', 'passkey'],
  pesaflow: ['api_key', 'secret'],
} as const

/** A merchant's account with a provider, credentials opened. A payment keeps the account it was made with. */
export type Account = {
  id: string
  merchant_id: string
  provider: ProviderName
  environment: Environment
  /** What it is known by: at M-Pesa the short code, at Pesaflow the client number. */
  shortcode: string
  /** At Pesaflow the number of the service that is paid for. */
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

/** What an account with M-Pesa was given by it. */
export function mpesaCredentials({ credentials }: Pick<Account, 'credentials'>): MpesaCredentials {
  return credentials as MpesaCredentials
}

/** What an account with Pesaflow was given by it. */
export function pesaflowCredentials({ credentials }: Pick<Account, 'credentials'>): PesaflowCredentials {
  return credentials as PesaflowCredentials
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

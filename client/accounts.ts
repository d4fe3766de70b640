import type { Call } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment, Provider } from './payments.ts'

/** What you were given for a short code. Of an account that is there already, what is not given stays as it is. */
export type AccountCredentials = {
  consumer_key: string
  consumer_secret: string
  passkey: string
  /** The API operator, who gives money back, sends it and answers questions. */
  initiator?: string
  security_credential?: string
  result_url?: string
  timeout_url?: string
  /** For Pull Transactions. */
  nominated_number?: string
}

/** What eCitizen gave you. Of an account that is there already, what is not given stays as it is. */
export type PesaflowCredentials = {
  api_key: string
  secret: string
  /** Where eCitizen answers in production, as it told you. */
  host?: string
  /** How the hash of a notification is made. */
  ipn_recipe?: 'A' | 'B' | 'off'
}

export type NewAccount = {
  /** How you call it, such as a branch. Without one it has that of the number that customers pay to. */
  name?: string
  /** Use it where no account is named. The first one with its provider is, whatever you say. */
  is_default?: boolean
} & (
  | {
      provider?: 'mpesa'
      mpesa: AccountCredentials & {
        env: Environment
        /** The paybill, or the store number of a till. */
        shortcode: string
        type?: 'paybill' | 'till'
        till?: string
      }
    }
  | {
      provider: 'pesaflow'
      pesaflow: PesaflowCredentials & { env: Environment; api_client_id: string; service_id: string }
    }
)

export type AccountChange = {
  name?: string
  is_default?: true
  /** `true`: nothing new is made with it; it stays for the checks and refunds of what was. `false` brings it back. */
  ended?: boolean
  mpesa?: Partial<AccountCredentials>
  pesaflow?: Partial<PesaflowCredentials>
}

export type MpesaSummary = {
  env: string
  shortcode: string
  type: string
  till: string | null
  consumer_key: string
  consumer_secret: string
  passkey: string
  initiator: string | null
  security_credential: string | null
  result_url: string | null
  timeout_url: string | null
  nominated_number: string | null
}

export type PesaflowSummary = {
  env: string
  api_client_id: string
  service_id: string
  api_key: string
  secret: string
  host: string | null
  ipn_recipe: string
}

/** One of a merchant's accounts with providers, its secrets masked. */
export type Account = {
  id: string
  name: string
  provider: Provider
  environment: Environment
  /** What names no account uses this one. */
  is_default: boolean
  c2b_registered_at: string | null
  pull_registered_at: string | null
  config_summary: MpesaSummary | PesaflowSummary
  created_at: string
  ended_at: string | null
}

export type Accounts = {
  /** Adds an account beside those that there are: a till, a branch. */
  create(account: NewAccount): Promise<Account>
  get(id: string): Promise<Account>
  list(filter?: Paging & { ended?: boolean }): List<Account>
  update(id: string, change: AccountChange): Promise<Account>
}

export function accounts(call: Call): Accounts {
  const path = (id: string) => `/merchant/accounts/${encodeURIComponent(id)}`
  return {
    create: (account) => call.postOnce('/merchant/accounts', account),
    get: (id) => call.get(path(id)),
    list: (filter = {}) => call.list('/merchant/accounts', filter),
    update: (id, change) => call.patch(path(id), change),
  }
}

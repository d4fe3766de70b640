import type { SealedTable } from '../database/sealed.ts'
import { sql } from '../database/sql.ts'
import { boundTo } from './account.ts'

/** What of an account is sealed: its credentials, and the access token that they brought. */
export const sealedOfAccounts: SealedTable = {
  table: 'provider_accounts',
  update: sql`update provider_accounts set`,
  key: ['merchant_id', 'id'],
  columns: ['credentials', 'access_token'],
  purpose: 'credentials',
  boundTo: ({ merchant_id, id }, column) => boundTo(merchant_id!, id!, column),
}

import { boundTo } from '../accounts/account.ts'
import type { SealedTable } from '../database/sealed.ts'
import { sql } from '../database/sql.ts'

/** What of an endpoint is sealed: the secrets that sign what is posted to it, and its own headers. */
export const sealedOfEndpoints: SealedTable = {
  table: 'webhook_endpoints',
  update: sql`update webhook_endpoints set`,
  key: ['merchant_id', 'id'],
  columns: ['secret', 'previous_secret', 'headers'],
  purpose: 'webhook-secret',
  boundTo: ({ merchant_id, id }, column) => boundTo(merchant_id!, id!, column),
}

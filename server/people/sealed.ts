import type { SealedTable } from '../database/sealed.ts'
import { sql } from '../database/sql.ts'

/** What of a user is sealed: the second factor. */
export const sealedOfUsers: SealedTable = {
  table: 'users',
  update: sql`update users set`,
  key: ['id'],
  columns: ['totp_secret'],
  purpose: 'second-factor',
  boundTo: ({ id }) => id!,
}

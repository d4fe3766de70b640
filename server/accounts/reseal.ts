import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { isOfAnotherKey } from '../database/sealed.ts'
import { reseal } from '../secret.ts'
import { boundTo } from './account.ts'

type Sealed = { id: string; merchant_id: string; credentials: Buffer; access_token: Buffer | null }

/**
 * Seals credentials and access tokens of some accounts with the present key, where another one sealed them. Answers how many it
 * looked at: none means that there are none left. What is changed at the same moment is left to the next turn.
 */
export async function resealAccounts({ database, config: { secretKeys } }: Context): Promise<number> {
  const rows = await database.query<Sealed>(sql`
    select id, merchant_id, credentials, access_token from provider_accounts
    where ${isOfAnotherKey(secretKeys, 'credentials')} or ${isOfAnotherKey(secretKeys, 'access_token')} order by id limit 100`)
  for (const { id, merchant_id, credentials, access_token } of rows) {
    const anew = (column: 'credentials' | 'access_token', sealed: Buffer | null) =>
      reseal(secretKeys, 'credentials', boundTo(merchant_id, id, column), sealed)
    await database.query(sql`
      update provider_accounts set credentials = ${anew('credentials', credentials)}, access_token = ${anew('access_token', access_token)}
      where id = ${id} and credentials = ${credentials} and access_token is not distinct from ${access_token}::bytea`)
  }
  return rows.length
}

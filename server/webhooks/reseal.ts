import { boundTo } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { isOfAnotherKey } from '../database/sealed.ts'
import { reseal } from '../secret.ts'

const sealed = ['secret', 'previous_secret', 'headers'] as const

type Sealed = { id: string; merchant_id: string } & Record<(typeof sealed)[number], Buffer | null>

/** Seals the secrets and headers of some endpoints with the present key. Answers how many it looked at, as `resealAccounts` does. */
export async function resealEndpoints({ database, config: { secretKeys } }: Context): Promise<number> {
  const [secret, previous, headers] = sealed.map((column) => isOfAnotherKey(secretKeys, column))
  const rows = await database.query<Sealed>(sql`
    select id, merchant_id, secret, previous_secret, headers from webhook_endpoints
    where ${secret} or ${previous} or ${headers} order by merchant_id, id limit 100`)
  for (const row of rows) {
    const { merchant_id, id } = row
    const anew = (column: (typeof sealed)[number]) =>
      reseal(secretKeys, 'webhook-secret', boundTo(merchant_id, id, column), row[column])
    await database.query(sql`
      update webhook_endpoints set secret = ${anew('secret')}, previous_secret = ${anew('previous_secret')}, headers = ${anew('headers')}
      where merchant_id = ${merchant_id} and id = ${id} and secret = ${row.secret}
        and previous_secret is not distinct from ${row.previous_secret}::bytea and headers is not distinct from ${row.headers}::bytea`)
  }
  return rows.length
}

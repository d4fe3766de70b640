import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { isOfAnotherKey } from '../database/sealed.ts'
import { reseal } from '../secret.ts'

/** Seals the second factors of some users with the present key. Answers how many it looked at, as `resealAccounts` does. */
export async function resealUsers({ database, config: { secretKeys } }: Context): Promise<number> {
  const rows = await database.query<{ id: string; totp_secret: Buffer }>(sql`
    select id, totp_secret from users where ${isOfAnotherKey(secretKeys, 'totp_secret')} order by id limit 100`)
  for (const { id, totp_secret } of rows)
    await database.query(sql`
      update users set totp_secret = ${reseal(secretKeys, 'second-factor', id, totp_secret)}
      where id = ${id} and totp_secret = ${totp_secret}`)
  return rows.length
}

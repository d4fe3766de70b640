import { sql } from './sql.ts'
import type { Database } from './sql.ts'
import { keyId } from '../secret.ts'

/**
 * Ties the database to the secret key that its secrets are sealed with: the first node stores the key's fingerprint.
 * @throws when the database is tied to another key, for nothing that is sealed there could be opened.
 */
export async function claimInstallation(database: Database, secretKey: Buffer): Promise<void> {
  const fingerprint = keyId(secretKey)
  await database.query(sql`
    insert into settings (name, value) values ('secret_key_fingerprint', ${JSON.stringify(fingerprint)}) on conflict do nothing`)
  const { value } = await database.one<{ value: string }>(
    sql`select value from settings where name = 'secret_key_fingerprint'`,
  )
  if (value === fingerprint) return
  throw new Error(
    `This database belongs to the secret key ${value}, and LANGO_SECRET_KEY is the key ${fingerprint}. Set the key that it was made with.`,
  )
}

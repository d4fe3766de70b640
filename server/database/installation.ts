import { later } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { keyId } from '../secret.ts'
import type { SecretKeys } from '../secret.ts'
import { sql } from './sql.ts'
import type { Database, Queryable, Transaction } from './sql.ts'

const turn = 52_647

const believedMs = 90 * 24 * 3_600_000

/**
 * Ties the database to the secret key that its secrets are sealed with: the first node stores the key's fingerprint. Answers the
 * keys without those that were replaced more than 90 days ago, for what they made is believed no longer.
 * @throws when the database is tied to a key that is not among these, for nothing that is sealed there could be opened.
 */
export async function claimInstallation(
  database: Queryable,
  { current, previous }: SecretKeys,
  now: Date,
): Promise<SecretKeys> {
  const fingerprint = keyId(current)
  await database.query(sql`
    insert into settings (name, value) values ('secret_key_fingerprint', ${JSON.stringify(fingerprint)}) on conflict do nothing`)
  const kept = await recallOfInstallation<string>(database, 'secret_key_fingerprint')
  if (![current, ...previous].some((key) => keyId(key) === kept))
    throw new Error(
      `This database belongs to the secret key ${kept}, and LANGO_SECRET_KEY is the key ${fingerprint}. Set the key that it was made with.`,
    )
  const replaced = (await recallOfInstallation<Replaced>(database, 'replaced_secret_keys')) ?? {}
  const isBelieved = (key: Buffer) => {
    const at = replaced[keyId(key)]
    return at === undefined || later(new Date(at), believedMs) > now
  }
  return { current, previous: previous.filter(isBelieved) }
}

/** When each key of before was replaced. */
type Replaced = Record<string, string>

/** Ties the database to another key. Answers the fingerprint of the one before; undefined when it was this one already. */
export async function takeSecretKey(transaction: Transaction, key: Buffer, now: Date): Promise<string | undefined> {
  const fingerprint = keyId(key)
  const settings = { database: transaction, clock: { now: () => now } }
  const kept = await recallOfInstallation<string>(transaction, 'secret_key_fingerprint')
  if (kept === undefined || kept === fingerprint) return undefined
  await keepOfInstallation(settings, 'secret_key_fingerprint', fingerprint)
  const replaced = (await recallOfInstallation<Replaced>(transaction, 'replaced_secret_keys')) ?? {}
  const { [fingerprint]: _again, ...others } = replaced
  await keepOfInstallation(settings, 'replaced_secret_keys', { ...others, [kept]: now })
  return kept
}

/**
 * Lets the nodes of an installation decide one after the other, so that what is the installation's is made once. What a node keeps
 * on its own disk decides nothing for the others.
 */
export async function inTurn<Result>(database: Database, work: () => Promise<Result>): Promise<Result> {
  return database.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(${turn}::bigint)`)
    return work()
  })
}

/** What an installation keeps of itself, for every node to know. */
export type InstallationFact =
  | 'secret_key_fingerprint'
  | 'demo_merchant'
  | 'first_merchant'
  | 'simulator'
  | 'demo_callback_url'
  | 'last_backup'
  | 'last_backup_failure'
  | 'replaced_secret_keys'

export async function recallOfInstallation<Value>(
  database: Queryable,
  name: InstallationFact,
): Promise<Value | undefined> {
  const row = await database.maybe<{ value: Value }>(sql`select value from settings where name = ${name}`)
  return row?.value
}

export async function keepOfInstallation(
  { database, clock }: { database: Queryable; clock: Clock },
  name: InstallationFact,
  value: unknown,
): Promise<void> {
  const now = clock.now()
  await database.query(sql`
    insert into settings (name, value, updated_at) values (${name}, ${JSON.stringify(value)}, ${now})
    on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`)
}

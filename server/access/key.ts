import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { newId, showId } from '../id.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { Problem } from '../problem.ts'
import { writeAudit } from './audit.ts'
import { requireConfirmed } from './owner.ts'
import { grants, scopesOfKey } from './scope.ts'
import type { KeyScope, Scope } from './scope.ts'

export type Mode = 'test' | 'live'

/** By this name a node is told that one of its keys was revoked. */
export const someKeyEnded = 'some key ended'

/** Who asks: a key, or a person who is signed in, for one merchant. */
export type Caller = { merchant_id: string; mode: Mode; scopes: Scope[]; person: string; key_id?: string }

/** Who calls the API: a key of one merchant. */
export type KeyCaller = Caller & { key_id: string; name: string }

/** A new key with its secret, which is shown this once. */
export type NewKey = { id: string; key: string; merchant_id: string; scopes: KeyScope[] }

/** A key as it is listed: its last four characters, and never the key itself. */
export type Key = {
  id: string
  name: string
  hint: string
  mode: Mode
  scopes: KeyScope[]
  created_at: Date
  revoked_at: Date | null
}

type KeyRow = Omit<Key, 'revoked_at'> & { merchant_id: string; hash: Buffer; person: string }

/** What a key is to be. Without a `person`, as on the command line, it is that of a new one. */
export type KeyInput = { merchant_id: string; name: string; mode: Mode; scopes: KeyScope[]; person?: string }

/** Makes an API key. Payouts are never among the scopes by default: they must be named. */
export async function createKey(
  context: Context,
  { merchant_id, name, mode, scopes: granted, ...input }: KeyInput,
): Promise<NewKey> {
  const now = context.clock.now()
  const id = newId(now)
  const { person = `key:${showId('key', id)}` } = input
  const key = `sk_${mode}_${randomBytes(32).toString('base64url')}`
  await context.database.transaction(async (transaction) => {
    await transaction.query(sql`
      insert into api_keys ${oneRow<KeyRow>({
        id,
        merchant_id,
        name,
        hash: hashOf(key),
        hint: key.slice(-4),
        mode,
        scopes: granted,
        person,
        created_at: now,
      })}`)
    await writeAudit(transaction, context, {
      merchant_id,
      action: 'key.created',
      subject: showId('key', id),
      details: { name, mode, scopes: granted },
      isGrave: mode === 'live',
    })
  })
  return { id: showId('key', id), key, merchant_id: showId('mer', merchant_id), scopes: granted }
}

/**
 * Makes a key for whoever asks, who hands on only what they have; it counts as theirs.
 * @throws a Problem for a scope that they lack, for a live key asked for by a test key, and for one that a person asks for without
 *   their password.
 */
export function createKeyFor(
  context: Context,
  { merchant_id, mode: own, scopes: has, person, key_id }: Caller,
  { name, scopes: asked, mode = own }: Pick<KeyInput, 'name' | 'scopes'> & { mode?: Mode | undefined },
): Promise<NewKey> {
  const missing = asked.find((scope) => !grants(has, scope))
  if (missing)
    throw new Problem(
      'forbidden',
      key_id
        ? `A key grants only scopes that it has, and this one lacks ${missing}.`
        : `A key may no more than who makes it, and your role lacks ${missing}.`,
      'scopes',
    )
  if (mode === 'live' && own === 'test' && key_id)
    throw new Problem('forbidden', 'A test key makes test keys only.', 'mode')
  if (mode === 'live') requireConfirmed(context)
  return createKey(context, { merchant_id, name, mode, scopes: asked, person })
}

/** The last hundred keys of a merchant, newest first, those that were revoked included. */
export function listKeys({ database }: Context, merchant_id: string): Promise<Key[]> {
  return database.query<Key>(sql`
    select id, name, hint, mode, scopes, created_at, revoked_at from api_keys where merchant_id = ${merchant_id} order by id desc limit 100`)
}

/** Ends a key: at this node at once, at others within five seconds. @throws a Problem when the merchant has no such key. */
export async function revokeKey(
  context: Context,
  { merchant_id, id }: { merchant_id: string; id: string },
): Promise<void> {
  const now = context.clock.now()
  await context.database.transaction(async (transaction) => {
    const revoked = await transaction.maybe(sql`
      update api_keys set revoked_at = ${now} where merchant_id = ${merchant_id} and id = ${id} and revoked_at is null returning id`)
    if (!revoked) throw new Problem('not_found', 'There is no such key, or it is revoked already.')
    await writeAudit(transaction, context, { merchant_id, action: 'key.revoked', subject: showId('key', id) })
  })
  context.signals.changed(someKeyEnded)
}

/** Finds who a key belongs to. @throws a Problem when it is missing, wrong or revoked. */
export async function authenticate(context: Context, key: string | undefined): Promise<KeyCaller> {
  if (!key) throw new Problem('unauthorized', 'Send an API key in the header X-API-Key, or as Authorization: Bearer.')
  const caller = await context.gather(findCallers, key)
  if (!caller) throw new Problem('unauthorized', 'There is no such API key, or it was revoked.')
  return caller
}

/** Whose key it is; undefined when it is none of this installation, or revoked. */
export async function findCaller(context: Context, key: string): Promise<KeyCaller | undefined> {
  const [caller] = await findCallers(context, [key])
  return caller
}

/** True when a merchant has a key of this mode that is not revoked. */
export async function hasKey(
  { database }: Pick<Context, 'database'>,
  { merchant_id, mode }: { merchant_id: string; mode: Mode },
): Promise<boolean> {
  const keys = await database.query(sql`
    select 1 from api_keys where merchant_id = ${merchant_id} and mode = ${mode} and revoked_at is null limit 1`)
  return keys.length > 0
}

async function findCallers(context: Context, keys: string[]): Promise<(KeyCaller | undefined)[]> {
  const hashes = keys.map(hashOf)
  const rows = await context.database.query<Omit<KeyCaller, 'scopes'> & { hash: Buffer; scopes: KeyScope[] }>(sql.named`
    select k.hash, k.id as key_id, k.name, k.merchant_id, k.mode, k.scopes, k.person
    from api_keys k join merchants m on m.id = k.merchant_id
    where k.hash = any (${hashes}::bytea[]) and k.revoked_at is null and m.deleted_at is null`)
  const callers = new Map(
    rows.map(({ hash, ...caller }) => [hash.toString('hex'), { ...caller, scopes: scopesOfKey(caller.scopes) }]),
  )
  return hashes.map((hash) => callers.get(hash.toString('hex')))
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

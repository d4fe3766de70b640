import type { Mode } from '../access/key.ts'
import type { Role } from '../access/role.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId } from '../id.ts'
import { writeAuditOfUser } from './member.ts'
import { hashToken, newToken } from './token.ts'

const minuteMs = 60_000
/** A browser that nobody has used for so long has to sign in again, and any after so many days. */
const idleMs = 12 * 60 * minuteMs
const lifeMs = 7 * 24 * 60 * minuteMs

type SessionRow = {
  id: string
  user_id: string
  hash: Buffer
  merchant_id: string | null
  mode: Mode | null
  source_address: string
  agent: string | null
  created_at: Date
  seen_at: Date
  confirmed_at: Date | null
  ended_at: Date | null
}

/** From where somebody signs in: the address, and what their browser calls itself. */
export type Whence = { address: string; agent?: string }

/** A business that a session can look at. */
export type Place = { id: string; name: string; role: Role; is_live: boolean }

/** Who a browser belongs to, and what it looks at. */
export type Session = Pick<SessionRow, 'id' | 'user_id' | 'merchant_id' | 'mode' | 'confirmed_at'> & {
  email: string
  name: string
  /** Their businesses, by name. */
  places: Place[]
}

/** A session as its user sees it among their others. */
export type ListedSession = Pick<SessionRow, 'id' | 'source_address' | 'agent' | 'created_at' | 'seen_at'>

const agentLengthMax = 300

/** Begins a session of a user who has just shown their password, and answers the token that their browser is to keep. */
export async function beginSession(
  transaction: Transaction,
  context: Context,
  { user_id, address, agent }: { user_id: string } & Whence,
): Promise<string> {
  const now = context.clock.now()
  const token = newToken()
  await transaction.query(sql`
    insert into sessions ${oneRow<SessionRow>({
      id: newId(now),
      user_id,
      hash: hashToken(token),
      merchant_id: null,
      mode: null,
      source_address: address,
      agent: agent?.slice(0, agentLengthMax),
      created_at: now,
      seen_at: now,
      confirmed_at: null,
      ended_at: null,
    })}`)
  await writeAuditOfUser(transaction, context, { user_id, action: 'user.signed_in', details: { address } })
  return token
}

/**
 * Whose session a token is of; undefined for none, and for one that was ended or is too old. To look counts as use of it, unless
 * `isUse` is false, as where a page that is only open asks for news.
 */
export async function findSession(
  context: Context,
  token: string,
  { isUse = true }: { isUse?: boolean } = {},
): Promise<Session | undefined> {
  const now = context.clock.now()
  const found = await context.database.maybe<Session & Pick<SessionRow, 'seen_at'>>(sql`
    select s.id, s.user_id, s.merchant_id, s.mode, s.confirmed_at, s.seen_at, u.email, u.name, coalesce(
      (select jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'role', b.role, 'is_live', exists(
        select from provider_accounts a where a.merchant_id = m.id and a.environment = 'live' and a.ended_at is null))
        order by lower(m.name))
       from memberships b join merchants m on m.id = b.merchant_id and m.deleted_at is null where b.user_id = u.id), '[]') as places
    from sessions s join users u on u.id = s.user_id
    where s.hash = ${hashToken(token)} and s.ended_at is null
      and s.seen_at > ${later(now, -idleMs)} and s.created_at > ${later(now, -lifeMs)}`)
  if (!found) return undefined
  const { seen_at, ...session } = found
  // Not at every request: to look around would be to write.
  if (isUse && now.getTime() - seen_at.getTime() > minuteMs)
    await context.database.query(sql`update sessions set seen_at = ${now} where id = ${found.id}`)
  return session
}

/** Lets a session look at another business, or at test or real money. Of what is not theirs the next request sees nothing. */
export async function turnSession(
  { database }: Context,
  { id, merchant_id, mode }: { id: string; merchant_id: string; mode: Mode | null },
): Promise<void> {
  await database.query(sql`update sessions set merchant_id = ${merchant_id}, mode = ${mode} where id = ${id}`)
}

/** The user of a session has typed their password again: for some minutes it may do what is grave. */
export async function confirmSession({ database, clock }: Context, id: string): Promise<void> {
  await database.query(sql`update sessions set confirmed_at = ${clock.now()} where id = ${id}`)
}

/** The sessions of a user that are open, the last used first. */
export function listSessions({ database, clock }: Context, user_id: string): Promise<ListedSession[]> {
  const now = clock.now()
  return database.query<ListedSession>(sql`
    select id, source_address, agent, created_at, seen_at from sessions
    where user_id = ${user_id} and ended_at is null and seen_at > ${later(now, -idleMs)} and created_at > ${later(now, -lifeMs)}
    order by seen_at desc`)
}

/** Ends a session of a user, whose browser has to sign in again. Safe to repeat. */
export async function endSession(context: Context, { id, user_id }: { id: string; user_id: string }): Promise<void> {
  await context.database.transaction(async (transaction) => {
    const ended = await transaction.maybe(sql`
      update sessions set ended_at = ${context.clock.now()} where id = ${id} and user_id = ${user_id} and ended_at is null returning id`)
    if (ended) await writeAuditOfUser(transaction, context, { user_id, action: 'user.signed_out' })
  })
}

/** Ends all sessions of a user but this one. Safe to repeat. */
export async function endOtherSessions(
  context: Context,
  { user_id, but }: { user_id: string; but: string },
): Promise<void> {
  await context.database.transaction(async (transaction) => {
    await endSessions(transaction, context, { user_id, but })
    await writeAuditOfUser(transaction, context, { user_id, action: 'user.signed_out_elsewhere' })
  })
}

/** Ends all sessions of a user but, where one is named, that one. */
export async function endSessions(
  transaction: Transaction,
  { clock }: Context,
  { user_id, but = null }: { user_id: string; but?: string | null },
): Promise<void> {
  await transaction.query(sql`
    update sessions set ended_at = ${clock.now()} where user_id = ${user_id} and ended_at is null and id is distinct from ${but}::uuid`)
}

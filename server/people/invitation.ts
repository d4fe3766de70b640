import type { Role } from '../access/role.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'
import { newId } from '../id.ts'
import { hashToken, newToken } from './token.ts'

type InvitationRow = {
  id: string
  hash: Buffer
  /** Null for every business of the installation. */
  merchant_id: string | null
  /** What a new member becomes; null where a user chooses a new password. */
  role: Role | null
  user_id: string | null
  /** Whom it is for; null for whoever has the link. */
  email: string | null
  created_by: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
  ended_at: Date | null
}

/** What a link lets its holder do, once, until it expires. */
export type Invitation = Omit<InvitationRow, 'hash' | 'used_at' | 'ended_at'> & { merchant_name: string | null }

type Wanted = {
  merchant_id: string | null
  for: { role: Role; email: string | null } | { user_id: string; email: string }
  lastsMs: number
}

/** Makes a link, and answers the token at its end, which is shown this once. */
export async function makeInvitation(
  queryable: Queryable,
  context: Context,
  { merchant_id, for: whom, lastsMs }: Wanted,
): Promise<{ id: string; token: string }> {
  const now = context.clock.now()
  const id = newId(now)
  const token = newToken()
  await queryable.query(sql`
    insert into invitations ${oneRow<InvitationRow>({
      id,
      hash: hashToken(token),
      merchant_id,
      role: 'role' in whom ? whom.role : null,
      user_id: 'user_id' in whom ? whom.user_id : null,
      email: whom.email,
      created_by: context.actor,
      created_at: now,
      expires_at: later(now, lastsMs),
      used_at: null,
      ended_at: null,
    })}`)
  return { id, token }
}

/** What a link lets its holder do; undefined for one that was used, taken back or is too old. */
export function findInvitation({ database, clock }: Context, token: string): Promise<Invitation | undefined> {
  return database.maybe<Invitation>(sql`
    select i.id, i.merchant_id, i.role, i.user_id, i.email, i.created_by, i.created_at, i.expires_at, m.name as merchant_name
    from invitations i left join merchants m on m.id = i.merchant_id
    where i.hash = ${hashToken(token)} and i.used_at is null and i.ended_at is null and i.expires_at > ${clock.now()}
      and m.deleted_at is null`)
}

/** Uses a link up. False when another was faster. */
export async function useInvitation(queryable: Queryable, { clock }: Context, id: string): Promise<boolean> {
  const used = await queryable.maybe(sql`
    update invitations set used_at = ${clock.now()} where id = ${id} and used_at is null and ended_at is null returning id`)
  return used !== undefined
}

import { writeAudit } from '../access/audit.ts'
import { requireOwner } from '../access/owner.ts'
import type { Role } from '../access/role.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { Problem } from '../problem.ts'
import { makeInvitation } from './invitation.ts'
import type { Invitation } from './invitation.ts'
import { linkOf } from './printed-link.ts'
import { readEmail } from './user.ts'

const lastsMs = 7 * 24 * 3_600_000

/** An invitation that nobody has followed yet. */
export type OpenInvitation = Pick<Invitation, 'id' | 'role' | 'email' | 'created_by' | 'created_at' | 'expires_at'>

/**
 * Invites somebody into a business, and answers the link for them, which is shown this once. It lasts a week; who is invited again
 * has the new link alone.
 * @throws a Problem unless an owner asks, for what is no address, and for somebody who is a member already.
 */
export async function inviteMember(
  context: Context,
  { merchant_id, email: typed, role }: { merchant_id: string; email: string; role: Role },
): Promise<string> {
  requireOwner(context, 'Only an owner invites others.')
  const email = readEmail(typed)
  if (!email)
    throw new Problem('invalid_request', 'This is no e-mail address. Write it like amina@example.com.', 'email')
  const token = await context.database.transaction(async (transaction) => {
    const member = await transaction.maybe(sql`
      select 1 from memberships m join users u on u.id = m.user_id where m.merchant_id = ${merchant_id} and u.email = ${email}`)
    if (member) throw new Problem('conflict', 'This is the address of a member already.', 'email')
    await transaction.query(sql`
      update invitations set ended_at = ${context.clock.now()}
      where merchant_id = ${merchant_id} and email = ${email} and role is not null and used_at is null and ended_at is null`)
    const made = await makeInvitation(transaction, context, { merchant_id, for: { role, email }, lastsMs })
    await writeAudit(transaction, context, {
      merchant_id,
      action: 'member.invited',
      details: { email, role },
      isGrave: role === 'owner',
    })
    return made.token
  })
  return linkOf(context, token)
}

/** Who was invited into a business and has not come yet, the last first. */
export function listInvitations({ database, clock }: Context, merchant_id: string): Promise<OpenInvitation[]> {
  return database.query<OpenInvitation>(sql`
    select id, role, email, created_by, created_at, expires_at from invitations
    where merchant_id = ${merchant_id} and email is not null and role is not null and used_at is null and ended_at is null
      and expires_at > ${clock.now()}
    order by id desc`)
}

/** Takes an invitation back: its link leads nowhere any more. @throws a Problem unless an owner asks, and when there is none. */
export async function endInvitation(
  context: Context,
  { merchant_id, id }: { merchant_id: string; id: string },
): Promise<void> {
  requireOwner(context, 'Only an owner takes an invitation back.')
  await context.database.transaction(async (transaction) => {
    const ended = await transaction.maybe<{ email: string }>(sql`
      update invitations set ended_at = ${context.clock.now()}
      where merchant_id = ${merchant_id} and id = ${id} and used_at is null and ended_at is null returning email`)
    if (!ended) throw new Problem('not_found', 'There is no such invitation, or it was followed meanwhile.')
    await writeAudit(transaction, context, { merchant_id, action: 'invitation.ended', details: { email: ended.email } })
  })
}

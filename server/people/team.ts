import { writeAudit } from '../access/audit.ts'
import { requireOwner } from '../access/owner.ts'
import type { Role } from '../access/role.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'

/** Somebody who works at a business, and when they last did. */
export type Member = {
  id: string
  name: string
  email: string
  role: Role
  created_at: Date
  has_second_factor: boolean
  seen_at: Date | null
}

type Named = { merchant_id: string; user_id: string }

/** Everybody who works at a business, owners first. */
export function listMembers({ database }: Context, merchant_id: string): Promise<Member[]> {
  return database.query<Member>(sql`
    select u.id, u.name, u.email, m.role, m.created_at, u.totp_since is not null as has_second_factor,
      (select max(s.seen_at) from sessions s where s.user_id = u.id) as seen_at
    from memberships m join users u on u.id = m.user_id
    where m.merchant_id = ${merchant_id}
    order by array_position(array['owner', 'developer', 'finance', 'cashier', 'viewer'], m.role), lower(u.name), u.id`)
}

/**
 * Gives a member another role, which holds from their next step on.
 * @throws a Problem unless an owner asks, and when no owner would be left.
 */
export async function changeRole(context: Context, { role, ...named }: Named & { role: Role }): Promise<void> {
  requireOwner(context, 'Only an owner gives roles.')
  await context.database.transaction(async (transaction) => {
    const { role: before } = await lockMember(transaction, named)
    if (before === role) return
    if (before === 'owner') await requireAnotherOwner(transaction, named)
    await transaction.query(sql`
      update memberships set role = ${role} where merchant_id = ${named.merchant_id} and user_id = ${named.user_id}`)
    await audit(context, transaction, named, { action: 'member.role_changed', details: { before, role } })
  })
}

/**
 * Removes a member, who sees nothing of the business from their next step on. Keys that they made stay: programs use them.
 * @throws a Problem unless an owner asks, and when no owner would be left.
 */
export async function removeMember(context: Context, named: Named): Promise<void> {
  requireOwner(context, 'Only an owner removes members.')
  await context.database.transaction(async (transaction) => {
    const { role } = await lockMember(transaction, named)
    if (role === 'owner') await requireAnotherOwner(transaction, named)
    await transaction.query(sql`
      delete from memberships where merchant_id = ${named.merchant_id} and user_id = ${named.user_id}`)
    await audit(context, transaction, named, { action: 'member.removed', details: { role } })
  })
}

// Of two owners who remove each other at once, one is told that nobody would be left.
async function lockMember(transaction: Transaction, { merchant_id, user_id }: Named): Promise<{ role: Role }> {
  const members = await transaction.query<{ user_id: string; role: Role }>(sql`
    select user_id, role from memberships
    where merchant_id = ${merchant_id} and (role = 'owner' or user_id = ${user_id}) order by user_id for update`)
  const found = members.find((member) => member.user_id === user_id)
  if (found) return found
  throw new Problem('not_found', 'This is no member of the business, or no longer.')
}

async function requireAnotherOwner(transaction: Transaction, { merchant_id, user_id }: Named): Promise<void> {
  const others = await transaction.query(sql`
    select 1 from memberships where merchant_id = ${merchant_id} and role = 'owner' and user_id <> ${user_id} limit 1`)
  if (others.length === 0)
    throw new Problem('conflict', 'A business has an owner at any time. Make somebody else one first.', 'role')
}

function audit(
  context: Context,
  transaction: Transaction,
  { merchant_id, user_id }: Named,
  done: { action: string; details: Record<string, unknown> },
): Promise<void> {
  return writeAudit(transaction, context, { merchant_id, subject: showId('usr', user_id), ...done, isGrave: true })
}

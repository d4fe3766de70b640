import { showId } from '../id.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Queryable, Transaction } from '../database/sql.ts'
import { writeAudit } from '../access/audit.ts'
import type { Audited } from '../access/audit.ts'
import type { Role } from '../access/role.ts'
import type { Context } from '../context.ts'

/** What a person is to a business. */
export type Membership = { merchant_id: string; user_id: string; role: Role; created_at: Date }

/** Makes a user a member. One who is a member already keeps their role, unless they become an owner. */
export async function insertMember(
  transaction: Transaction,
  context: Context,
  { merchant_id, user_id, role }: Pick<Membership, 'merchant_id' | 'user_id' | 'role'>,
): Promise<void> {
  const now = context.clock.now()
  await transaction.query(sql`
    insert into memberships ${oneRow<Membership>({ merchant_id, user_id, role, created_at: now })}
    on conflict (merchant_id, user_id) do update set role = 'owner' where excluded.role = 'owner'`)
  await writeAudit(transaction, context, {
    merchant_id,
    action: 'member.joined',
    subject: showId('usr', user_id),
    details: { role },
    isGrave: role === 'owner',
  })
}

/** Writes a line into the audit log of every business of a user: what they do for themselves concerns each. */
export async function writeAuditOfUser(
  queryable: Queryable,
  context: Context,
  { user_id, ...done }: { user_id: string } & Omit<Audited, 'merchant_id' | 'subject'>,
): Promise<void> {
  const subject = showId('usr', user_id)
  const found = await queryable.query<{ merchant_id: string }>(
    sql`select merchant_id from memberships where user_id = ${user_id}`,
  )
  for (const { merchant_id } of found)
    await writeAudit(queryable, { ...context, actor: `user:${subject}` }, { merchant_id, subject, ...done })
}

import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { useInvitation } from './invitation.ts'
import type { Invitation } from './invitation.ts'
import { writeAuditOfUser } from './member.ts'
import { hashPassword } from './password.ts'
import { endSessions } from './session.ts'

/** Gives a user the new password that they chose by a link, and ends what was open in their name. */
export async function renewPassword(context: Context, invitation: Invitation, password: string): Promise<boolean> {
  const hashed = await hashPassword(password)
  return context.database.transaction(async (transaction) => {
    if (!(await useInvitation(transaction, context, invitation.id))) return false
    await setPassword(transaction, context, { user_id: invitation.user_id!, hashed })
    return true
  })
}

/** Gives a user another password, which they have shown the old one for, and ends their other sessions. */
export async function changePassword(
  context: Context,
  { user_id, session_id, password }: { user_id: string; session_id: string; password: string },
): Promise<void> {
  const hashed = await hashPassword(password)
  await context.database.transaction((transaction) =>
    setPassword(transaction, context, { user_id, hashed, but: session_id }),
  )
}

async function setPassword(
  transaction: Transaction,
  context: Context,
  { user_id, hashed, but }: { user_id: string; hashed: string; but?: string },
): Promise<void> {
  await transaction.query(sql`update users set password = ${hashed} where id = ${user_id}`)
  await endSessions(transaction, context, { user_id, but })
  await writeAuditOfUser(transaction, context, { user_id, action: 'user.password_changed' })
}

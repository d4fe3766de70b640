import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { showId } from '../id.ts'
import { nameDevice } from './device.ts'
import { useInvitation } from './invitation.ts'
import type { Invitation } from './invitation.ts'
import { insertMember, writeAuditOfUser } from './member.ts'
import { hashPassword } from './password.ts'
import { beginSession, endSessions } from './session.ts'
import type { Whence } from './session.ts'
import type { LetIn } from './sign-in.ts'
import { insertUser } from './user.ts'
import type { User } from './user.ts'

/** Who follows a link: a user who has shown their password, or somebody new, with what they typed, which was found good. */
export type Joining = (Whence & { user: User }) | (Whence & Pick<User, 'email' | 'name' | 'password'>)

/** Makes whoever follows a link a member, and lets them in. Undefined when the link was used up meanwhile. */
export async function joinBy(context: Context, invitation: Invitation, who: Joining): Promise<LetIn | undefined> {
  const password = 'user' in who ? '' : await hashPassword(who.password)
  return context.database.transaction(async (transaction) => {
    if (!(await useInvitation(transaction, context, invitation.id))) return undefined
    const user = 'user' in who ? who.user : await insertUser(transaction, context, { ...who, password })
    const self = { ...context, actor: `user:${showId('usr', user.id)}` }
    for (const merchant_id of await merchantsOf(transaction, invitation))
      await insertMember(transaction, self, { merchant_id, user_id: user.id, role: invitation.role! })
    return letIn(transaction, context, { ...who, user_id: user.id })
  })
}

/** Gives a user the new password that they chose by a link, ends what was open in their name, and lets them in. */
export async function renewPassword(
  context: Context,
  invitation: Invitation,
  { password, ...whence }: Whence & { password: string },
): Promise<LetIn | undefined> {
  const user_id = invitation.user_id!
  const hashed = await hashPassword(password)
  return context.database.transaction(async (transaction) => {
    if (!(await useInvitation(transaction, context, invitation.id))) return undefined
    await transaction.query(sql`update users set password = ${hashed} where id = ${user_id}`)
    await endSessions(transaction, context, { user_id })
    await writeAuditOfUser(transaction, context, { user_id, action: 'user.password_renewed' })
    return letIn(transaction, context, { ...whence, user_id })
  })
}

/** Whom a link makes its holder a member of. */
async function merchantsOf(transaction: Transaction, { merchant_id }: Invitation): Promise<string[]> {
  const found = await transaction.query<{ id: string }>(sql`
    select id from merchants where deleted_at is null and (${merchant_id}::uuid is null or id = ${merchant_id}) order by id`)
  return found.map(({ id }) => id)
}

async function letIn(transaction: Transaction, context: Context, who: Whence & { user_id: string }): Promise<LetIn> {
  const token = await beginSession(transaction, context, who)
  return { token, device: nameDevice(context.config.secretKeys, who.user_id) }
}

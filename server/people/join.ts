import type { Context } from '../context.ts'
import { again } from '../database/collision.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { showId } from '../id.ts'
import { nameDevice } from './device.ts'
import { useInvitation } from './invitation.ts'
import type { Invitation } from './invitation.ts'
import { insertMember } from './member.ts'
import { hashPassword } from './password.ts'
import { beginSession } from './session.ts'
import type { Whence } from './session.ts'
import type { LetIn } from './sign-in.ts'
import { insertUser } from './user.ts'
import type { User } from './user.ts'

/** Somebody new who follows a link, with what they typed, which was found good. */
export type Newcomer = Whence & Pick<User, 'email' | 'name' | 'password'>

/** Makes somebody new who follows a link a user and a member, and lets them in. Undefined when the link was used up meanwhile. */
export async function joinAnew(context: Context, invitation: Invitation, who: Newcomer): Promise<LetIn | undefined> {
  const password = await hashPassword(who.password)
  return together(context, async (transaction) => {
    if (!(await useInvitation(transaction, context, invitation.id))) return undefined
    const { id: user_id } = await insertUser(transaction, context, { ...who, password })
    await insertMembers(transaction, context, invitation, user_id)
    const token = await beginSession(transaction, context, { ...who, user_id })
    return { kind: 'let_in', token, device: nameDevice(context.config.secretKeys, user_id) }
  })
}

/** Makes a user who is signed in a member by a link. False when it was used up meanwhile. */
export async function joinToo(context: Context, invitation: Invitation, user_id: string): Promise<boolean> {
  return together(context, async (transaction) => {
    if (!(await useInvitation(transaction, context, invitation.id))) return false
    await insertMembers(transaction, context, invitation, user_id)
    return true
  })
}

/** Who joins writes on several machines, where tables are spread, and there may meet others who do in a deadlock. */
export function together<Result>(
  context: Context,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return again(context, () => context.database.transaction(work))
}

async function insertMembers(
  transaction: Transaction,
  context: Context,
  { merchant_id, role }: Invitation,
  user_id: string,
): Promise<void> {
  const self = { ...context, actor: `user:${showId('usr', user_id)}` }
  const merchants = await transaction.query<{ id: string }>(sql`
    select id from merchants where deleted_at is null and (${merchant_id}::uuid is null or id = ${merchant_id}) order by id`)
  for (const { id } of merchants) await insertMember(transaction, self, { merchant_id: id, user_id, role: role! })
}

import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { countAttempt, forgiveAttempt } from './attempts.ts'
import { nameDevice, readDevice } from './device.ts'
import { hashPassword, isOutdated, isPassword, passwordLengthMax } from './password.ts'
import { beginSession } from './session.ts'
import type { Whence } from './session.ts'
import { findUser, readEmail } from './user.ts'
import type { User } from './user.ts'

/** Who somebody says they are, from where, and what their browser keeps from the last time. */
export type SignIn = Whence & { email: string; password: string; device?: string }

/** What a browser keeps of one who was let in: the token of the session, and the name by which it is known from now on. */
export type LetIn = { token: string; device: string }

export type SignInAnswer = ({ kind: 'let_in' } & LetIn) | { kind: 'wrong' } | { kind: 'wait'; ms: number }

/** Lets a user in who shows their password. It is not told which of address and password was wrong. */
export async function signIn(context: Context, given: SignIn): Promise<SignInAnswer> {
  const found = await checkPassword(context, given)
  if (found.kind !== 'right') return found
  const { user } = found
  const password = isOutdated(user.password) ? await hashPassword(given.password) : undefined
  const token = await context.database.transaction(async (transaction) => {
    if (password) await transaction.query(sql`update users set password = ${password} where id = ${user.id}`)
    return beginSession(transaction, context, { user_id: user.id, ...given })
  })
  return { kind: 'let_in', token, device: nameDevice(context.config.secretKeys, user.id) }
}

export type PasswordAnswer = { kind: 'right'; user: User } | Exclude<SignInAnswer, { kind: 'let_in' }>

/** Whether a password is the user's, unless too many were tried: each is counted, and one that is right forgiven. */
export async function checkPassword(
  context: Context,
  { email: typed, password, address, device }: SignIn,
): Promise<PasswordAnswer> {
  const email = readEmail(typed)
  if (!email || password.length > passwordLengthMax) return { kind: 'wrong' }
  const user = await findUser(context, email)
  const known = user && readDevice(context.config.secretKeys, user.id, device)
  const attempt = { email, address, device: known }
  const ms = await countAttempt(context, attempt)
  if (ms > 0) return { kind: 'wait', ms }
  if (!(await isPassword(password, user?.password)) || !user) return { kind: 'wrong' }
  await forgiveAttempt(context, attempt)
  return { kind: 'right', user }
}

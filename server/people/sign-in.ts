import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import { seal, unseal } from '../secret.ts'
import { countAttempt, forgiveAttempt } from './attempts.ts'
import type { Attempt } from './attempts.ts'
import { nameDevice, readDevice } from './device.ts'
import { hashPassword, isOutdated, isPassword, passwordLengthMax } from './password.ts'
import { takeCode } from './second-factor.ts'
import { beginSession } from './session.ts'
import type { Whence } from './session.ts'
import { findUser, readEmail, userOf } from './user.ts'
import type { User } from './user.ts'

/** Who somebody says they are, from where, and what their browser keeps from the last time. */
export type SignIn = Whence & { email: string; password: string; device?: string }

/** What a browser keeps of one who was let in: the token of the session, and the name by which it is known from now on. */
export type LetIn = { kind: 'let_in'; token: string; device: string }

export type SignInAnswer =
  | LetIn
  /** The password is right, and a code is needed as well; `pass` says so when it comes. */
  | { kind: 'code'; pass: string }
  | { kind: 'wrong' }
  | { kind: 'wait'; ms: number }

const passMs = 10 * 60_000

/**
 * Lets a user in who shows their password, if no more is needed. It is not told which of address and password was wrong. What a
 * pass is bound to must come with it again.
 */
export async function signIn(context: Context, given: SignIn, boundTo: string): Promise<SignInAnswer> {
  const found = await checkPassword(context, given)
  if (found.kind !== 'right') return found
  const { user } = found
  if (isOutdated(user.password)) {
    const password = await hashPassword(given.password)
    await context.database.query(sql`update users set password = ${password} where id = ${user.id}`)
  }
  if (user.totp_since) return { kind: 'code', pass: makePass(context, user.id, boundTo) }
  return context.database.transaction(async (transaction) => ({
    kind: 'let_in',
    token: await beginSession(transaction, context, { ...given, user_id: user.id }),
    device: nameDevice(context.config.secretKeys, user.id),
  }))
}

export type CodeGiven = Whence & { pass: string; code: string; device?: string }

/** Lets a user in who has shown their password and shows a code. Undefined for a pass that is too old, or of another browser. */
export async function signInByCode(
  context: Context,
  { pass, code, address, agent, device }: CodeGiven,
  boundTo: string,
): Promise<Exclude<SignInAnswer, { kind: 'code' }> | undefined> {
  const user_id = readPass(context, pass, boundTo)
  if (!user_id) return undefined
  const user = await userOf(context, user_id)
  const attempt = attemptOf(context, user, { email: `code of ${user.email}`, address, device })
  const ms = await countAttempt(context, attempt)
  if (ms > 0) return { kind: 'wait', ms }
  const answer = await context.database.transaction(async (transaction): Promise<LetIn | undefined> => {
    if (!(await takeCode(transaction, context, user, code))) return undefined
    const token = await beginSession(transaction, context, { user_id, address, agent })
    return { kind: 'let_in', token, device: nameDevice(context.config.secretKeys, user_id) }
  })
  if (!answer) return { kind: 'wrong' }
  await forgiveAttempt(context, attempt)
  return answer
}

export type PasswordAnswer = { kind: 'right'; user: User } | Exclude<SignInAnswer, LetIn | { kind: 'code' }>

/** Whether a password is the user's, unless too many were tried: each is counted, and one that is right forgiven. */
export async function checkPassword(
  context: Context,
  { email: typed, password, address, device }: SignIn,
): Promise<PasswordAnswer> {
  const email = readEmail(typed)
  if (!email || password.length > passwordLengthMax) return { kind: 'wrong' }
  const user = await findUser(context, email)
  const attempt = attemptOf(context, user, { email, address, device })
  const ms = await countAttempt(context, attempt)
  if (ms > 0) return { kind: 'wait', ms }
  if (!(await isPassword(password, user?.password)) || !user) return { kind: 'wrong' }
  await forgiveAttempt(context, attempt)
  return { kind: 'right', user }
}

function attemptOf({ config }: Context, user: User | undefined, { device, ...attempt }: Attempt): Attempt {
  const known = user && readDevice(config.secretKeys, user.id, device)
  return known ? { ...attempt, device: known } : attempt
}

function makePass({ config, clock }: Context, user_id: string, boundTo: string): string {
  const until = later(clock.now(), passMs).getTime()
  return seal(config.secretKeys, 'second-factor', boundTo, `${user_id} ${until}`).toString('base64url')
}

function readPass({ config, clock }: Context, pass: string, boundTo: string): string | undefined {
  try {
    const text = unseal(config.secretKeys, 'second-factor', boundTo, Buffer.from(pass, 'base64url'))
    const [user_id, until] = text.split(' ')
    return Number(until) > clock.now().getTime() ? user_id : undefined
  } catch {
    // It was made for another browser, or by nobody.
    return undefined
  }
}

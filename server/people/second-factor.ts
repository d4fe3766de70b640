import { randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { requireConfirmed } from '../access/owner.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { seal, unseal } from '../secret.ts'
import { writeAuditOfUser } from './member.ts'
import { hashToken } from './token.ts'
import type { User } from './user.ts'

const recoveryCodes = 10
/** Without those that look alike. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** What an authenticator app is given: the secret as one types it, and as an address that the app opens. */
export type Offer = { secret: string; uri: string }

/** Offers a user a new second factor, which counts when they have shown a code of it. @throws a Problem without the password. */
export async function offerSecondFactor(context: Context, { id, email }: Pick<User, 'id' | 'email'>): Promise<Offer> {
  requireConfirmed(context)
  const secret = new Secret({ size: 20 }).base32
  const sealed = seal(context.config.secretKeys, 'second-factor', id, secret)
  await context.database.query(sql`
    update users set totp_secret = ${sealed}, totp_step = null where id = ${id} and totp_since is null`)
  return offerOf(email, secret)
}

/** The offer that waits for its first code; undefined where none does. */
export function openOffer({ config }: Context, { id, email, totp_secret, totp_since }: User): Offer | undefined {
  if (!totp_secret || totp_since) return undefined
  return offerOf(email, unseal(config.secretKeys, 'second-factor', id, totp_secret))
}

function offerOf(email: string, secret: string): Offer {
  return { secret: secret.replace(/(.{4})(?=.)/g, '$1 '), uri: totpOf(secret, email).toString() }
}

/** Takes the first code, and answers the codes for a lost phone, shown this once. Undefined for a code that is not right. */
export async function beginSecondFactor(context: Context, user: User, code: string): Promise<string[] | undefined> {
  requireConfirmed(context)
  const step = stepOf(context, user, code)
  if (step === undefined || user.totp_since) return undefined
  const codes = Array.from({ length: recoveryCodes }, newRecoveryCode)
  return context.database.transaction(async (transaction) => {
    const begun = await transaction.maybe(sql`
      update users set totp_since = ${context.clock.now()}, totp_step = ${step}, recovery_codes = ${codes.map(hashToken)}
      where id = ${user.id} and totp_since is null returning id`)
    if (!begun) return undefined
    await writeAuditOfUser(transaction, context, { user_id: user.id, action: 'user.second_factor_begun' })
    return codes
  })
}

/** Lets a user sign in by the password alone again. Safe to repeat. @throws a Problem without the password. */
export async function endSecondFactor(context: Context, user_id: string): Promise<void> {
  requireConfirmed(context)
  await context.database.transaction(async (transaction) => {
    const ended = await transaction.maybe(sql`
      update users set totp_secret = null, totp_since = null, totp_step = null, recovery_codes = '{}'
      where id = ${user_id} and totp_secret is not null returning id`)
    if (ended)
      await writeAuditOfUser(transaction, context, { user_id, action: 'user.second_factor_ended', isGrave: true })
  })
}

/** Uses up a code of the app, or one for a lost phone. False for one that is not right, or was used. */
export async function takeCode(
  transaction: Transaction,
  context: Context,
  user: User,
  typed: string,
): Promise<boolean> {
  const code = typed.replace(/[\s-]/g, '').toLowerCase()
  const step = stepOf(context, user, code)
  const taken =
    step === undefined
      ? await transaction.maybe(sql`
          update users set recovery_codes = array_remove(recovery_codes, ${hashToken(code)}::bytea)
          where id = ${user.id} and ${hashToken(code)}::bytea = any (recovery_codes) returning id`)
      : await transaction.maybe(sql`
          update users set totp_step = ${step} where id = ${user.id} and (totp_step is null or totp_step < ${step}) returning id`)
  if (taken && step === undefined)
    await writeAuditOfUser(transaction, context, { user_id: user.id, action: 'user.recovery_code_used' })
  return taken !== undefined
}

/** The step of 30 seconds that a code is of: this one, or one beside it, for clocks differ. */
function stepOf({ config, clock }: Context, { id, email, totp_secret }: User, code: string): number | undefined {
  if (!totp_secret || !/^\d{6}$/.test(code)) return undefined
  const totp = totpOf(unseal(config.secretKeys, 'second-factor', id, totp_secret), email)
  const timestamp = clock.now().getTime()
  const delta = totp.validate({ token: code, timestamp, window: 1 })
  return delta === null ? undefined : totp.counter({ timestamp }) + delta
}

function totpOf(secret: string, email: string): TOTP {
  return new TOTP({ issuer: 'Lango', label: email, secret: Secret.fromBase32(secret) })
}

function newRecoveryCode(): string {
  return Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('')
}

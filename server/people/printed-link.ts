import type { Context } from '../context.ts'
import { Problem } from '../problem.ts'
import { makeInvitation } from './invitation.ts'
import { endSecondFactor } from './second-factor.ts'
import { findUser, readEmail } from './user.ts'

/** How long the links last that the machine itself prints. */
const lastsMs = 15 * 60_000

/** A link by which somebody becomes an owner of a business, or of every one of the installation. It works once. */
export async function ownerLink(context: Context, merchant_id: string | null = null): Promise<string> {
  const whom = { role: 'owner', email: null } as const
  const { token } = await makeInvitation(context.database, context, { merchant_id, for: whom, lastsMs })
  return linkOf(context, token)
}

/**
 * A link by which a user chooses a new password. It works once. With `withoutCode` they sign in by the password alone from now on,
 * for one who has lost phone and codes.
 * @throws a Problem when nobody has this address.
 */
export async function passwordLink(
  context: Context,
  email: string,
  { withoutCode = false }: { withoutCode?: boolean } = {},
): Promise<string> {
  const user = await findUser(context, readEmail(email) ?? '')
  if (!user) throw new Problem('not_found', `Nobody signs in as ${email}. Who does: lango users list`)
  if (withoutCode) await endSecondFactor(context, user.id)
  const whom = { user_id: user.id, email: user.email }
  const { token } = await makeInvitation(context.database, context, { merchant_id: null, for: whom, lastsMs })
  return linkOf(context, token)
}

/** The address at which a link is followed. */
export function linkOf({ config }: Context, token: string): string {
  return `${config.publicUrl}/join/${token}`
}

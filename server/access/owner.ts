import type { Context } from '../context.ts'
import { Problem } from '../problem.ts'
import type { Worded } from '../problem.ts'

/**
 * What is grave asks a person for their password again. Keys have none, and whoever runs the machine is known by that.
 * @throws a Problem when a person asks who has not typed it within the last minutes.
 */
export function requireConfirmed({ isConfirmed }: Context): void {
  if (isConfirmed === false)
    throw new Problem('password_required', 'Type your password again: what is grave asks for it.', 'password_again')
}

/**
 * What only an owner may do, or whoever runs the machine, and no key. `message` says where it can be done.
 * @throws a Problem for anybody else, and for an owner who has not typed their password again.
 */
export function requireOwner(context: Context, message: string | Worded): void {
  if (!context.isOwner) throw new Problem('owner_required', message)
  requireConfirmed(context)
}

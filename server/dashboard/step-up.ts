import type { Context as HonoContext } from 'hono'
import { checkPassword } from '../people/sign-in.ts'
import { confirmSession } from '../people/session.ts'
import { Problem } from '../problem.ts'
import type { Context } from '../context.ts'
import { field } from '../web/parts/field.ts'
import type { Html } from '../web/html.ts'
import { readCookie } from './cookies.ts'
import type { Refused } from './form.ts'
import { fieldsOf } from './own-form.ts'
import { waitWords, whence } from './sign-in/entrance.ts'
import type { SignedInEnvironment } from './signed-in.ts'

/** The field in which a form that asks for something grave has the password typed again. */
export const passwordName = 'password_again'

/**
 * The field for the password, in a form that asks for something grave; nothing while it was typed within the last ten minutes.
 * `id` is unique on the page.
 */
export function passwordAgain(
  { isConfirmed }: Context,
  { id, error }: { id: string; error?: string | undefined },
): Html | '' {
  if (isConfirmed) return ''
  return field({
    id,
    name: passwordName,
    label: 'Your password again',
    type: 'password',
    autoComplete: 'current-password',
    hint: 'It counts for ten minutes.',
    required: true,
    error,
  })
}

/** What is wrong with the password of a form, where that form was refused for it. */
export function passwordError(refused: Refused | undefined, form: string): string | undefined {
  return refused?.form === form ? refused.wrong[passwordName] : undefined
}

/**
 * Takes the password that a form brings, and lets what follows be done by the context.
 * @throws a Problem at the field when it is missing or wrong.
 */
export async function confirmAgain(c: HonoContext<SignedInEnvironment>): Promise<void> {
  const { context, signedIn } = c.var
  if (context.isConfirmed) return
  const { [passwordName]: password = '' } = await fieldsOf(c)
  if (password === '') throw new Problem('password_required', 'Type your password again.', passwordName)
  const device = readCookie(c, context, 'device')
  const { email } = signedIn.user
  const answer = await checkPassword(context, { ...whence(context, c), email, password, device })
  if (answer.kind === 'wait') throw new Problem('too_many_requests', waitWords(c, answer.ms), passwordName)
  if (answer.kind === 'wrong') throw new Problem('password_required', 'This is not your password.', passwordName)
  await confirmSession(context, signedIn.session.id)
  c.set('context', { ...context, isConfirmed: true })
}

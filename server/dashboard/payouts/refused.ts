import type { Context } from '../../context.ts'
import { Problem } from '../../problem.ts'
import type { Html } from '../../web/html.ts'
import { passwordAgain, passwordName } from '../step-up.ts'
import { refusedBy } from '../form.ts'
import type { Refused } from '../form.ts'

/** What is wrong with a decision, in words for a person: those of the verb speak of keys. */
export function decisionRefused(
  error: unknown,
  form: string,
  typed: Record<string, string>,
): { refused: Refused; status: number } {
  const said = refusedBy(error, form, typed)
  const isOwn = error instanceof Problem && error.code === 'second_person_required'
  return isOwn
    ? { ...said, refused: { ...said.refused, message: 'You asked for this. Another of you must approve it.' } }
    : said
}

/** The field for the password of whoever approves, with what was wrong with what they typed there. */
export function passwordOf(context: Context, refused: Refused | undefined): Html | '' {
  return passwordAgain(context, { id: 'password-again', error: refused?.wrong[passwordName] })
}

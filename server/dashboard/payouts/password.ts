import type { Context } from '../../context.ts'
import type { Html } from '../../web/html.ts'
import type { Refused } from '../form.ts'
import { passwordAgain, passwordName } from '../step-up.ts'

/** The field for the password of whoever sends money, with what was wrong with what they typed there. */
export function passwordOf(context: Context, refused: Refused | undefined): Html | '' {
  return passwordAgain(context, { id: 'password-again', error: refused?.wrong[passwordName] })
}

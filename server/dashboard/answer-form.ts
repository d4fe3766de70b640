import { refusedBy, typedIn } from './form.ts'
import type { Refused } from './form.ts'
import type { DeskContext } from './desk-context.ts'

/** What a form does, and how its page is shown again when it cannot. */
export type FormWork = {
  form: string
  work: () => Promise<Response>
  again: (refused: Refused, status: number) => Promise<Response>
}

/** Carries out a form. What its verb refuses is said on its page, with what was typed. */
export async function answerForm(c: DeskContext, { form, work, again }: FormWork): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    const { refused, status } = refusedBy(error, form, await typedIn(c))
    return again(refused, status)
  }
}

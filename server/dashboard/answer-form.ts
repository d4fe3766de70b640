import { refusedBy } from './form.ts'
import type { Refused } from './form.ts'
import type { DeskContext } from './desk-context.ts'
import { fieldsOf } from './own-form.ts'

/** What a form does, and how its page is shown again when it cannot. `typed` names fields that it may not have sent. */
export type FormWork = {
  form: string
  typed?: Record<string, string>
  work: () => Promise<Response>
  again: (refused: Refused, status: number) => Promise<Response>
}

/** Carries out a form. What its verb refuses is said on its page, with what was typed. */
export async function answerForm(c: DeskContext, { form, typed, work, again }: FormWork): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    const { refused, status } = refusedBy(error, form, typed ?? (await fieldsOf(c)))
    return again(refused, status)
  }
}

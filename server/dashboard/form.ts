import type { Context as HonoContext } from 'hono'
import { html } from 'hono/html'
import type { z } from 'zod'
import { Problem } from '../problem.ts'
import type { Html } from '../web/html.ts'
import { fieldsOf } from './own-form.ts'

/** A form that came back: what was typed, what is wrong with which field, and what is wrong with none of them. */
export type Refused = { form: string; typed: Record<string, string>; wrong: Record<string, string>; message?: string }

/**
 * Reads a form, each field by its schema; what is empty was left out. Fields that the schema does not know are not looked at.
 * @throws a RefusedForm that says at each field what is wrong with it.
 */
export async function readForm<Shape extends z.ZodRawShape>(
  c: HonoContext,
  form: string,
  schema: z.ZodObject<Shape>,
): Promise<{ typed: Record<string, string>; value: z.output<z.ZodObject<Shape>> }> {
  const typed = await fieldsOf(c)
  const given = Object.keys(schema.shape).flatMap((name) => (typed[name]?.trim() ? [[name, typed[name].trim()]] : []))
  const read = schema.safeParse(Object.fromEntries(given))
  if (read.success) return { typed, value: read.data }
  const wrong = read.error.issues.map(({ path, message }) => [String(path[0]), asSentence(message)] as const)
  throw new RefusedForm({ form, typed, wrong: Object.fromEntries(wrong.toReversed()) })
}

/** A form that cannot be carried out as it is. */
export class RefusedForm extends Error {
  readonly refused: Refused
  constructor(refused: Refused) {
    super('A form was refused.')
    this.refused = refused
  }
}

/** What is wrong with a form that a verb refused: at the field that it names, if the form has it. @throws what is no refusal. */
export function refusedBy(
  error: unknown,
  form: string,
  typed: Record<string, string>,
): { refused: Refused; status: number } {
  if (error instanceof RefusedForm) return { refused: error.refused, status: 400 }
  if (!(error instanceof Problem) || error.status >= 500) throw error
  const { param, status, said: message } = error
  // The API names the fields of an account below its provider; a form has them beside each other.
  const name = param?.split('.').at(-1)
  const refused = name !== undefined && name in typed ? { wrong: { [name]: message } } : { wrong: {}, message }
  return { refused: { form, typed, ...refused }, status }
}

/** What a form shows of one of its fields: what was typed there, and what is wrong with it. */
export function fieldOf(refused: Refused | undefined, form: string, name: string, otherwise = '') {
  if (refused?.form !== form) return { value: otherwise }
  const error = refused.wrong[name]
  return { value: refused.typed[name] ?? otherwise, ...(error && { error }) }
}

/** What is wrong with a form as a whole, above its fields. */
export function wrongWith(refused: Refused | undefined, form: string): Html | '' {
  if (refused?.form !== form || !refused.message) return ''
  return html`<p class="wrong" role="alert">${refused.message}</p>`
}

/** What is wrong with a field, said at the field: the API names it first, and then says what is wrong. */
export function asSentence(message: string): string {
  const said = message.replace(/^is missing(: it must be one of.*)?$/, (_, choice) =>
    choice ? 'Choose one' : 'Fill this in',
  )
  return `${said[0]!.toUpperCase()}${said.slice(1)}`.replace(/(?<![.!?])$/, '.')
}

import type { Context as HonoContext } from 'hono'
import { html } from 'hono/html'
import type { z } from 'zod'
import { hashRequest } from '../api/idempotency.ts'
import type { Repeatable } from '../api/idempotency.ts'
import { newId } from '../id.ts'
import { Problem } from '../problem.ts'
import type { Html } from '../web/html.ts'
import { passwordName } from './step-up.ts'

/** A form that came back: what was typed, what is wrong with which field, and what is wrong with none of them. */
export type Refused = { form: string; typed: Record<string, string>; wrong: Record<string, string>; message?: string }

/** What a form sent, as it was typed. */
export async function typedIn(c: HonoContext): Promise<Record<string, string>> {
  const body = await c.req.parseBody().catch(() => ({}))
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/**
 * Reads a form, each field by its schema; what is empty was left out. Fields that the schema does not know are not looked at.
 * @throws a RefusedForm that says at each field what is wrong with it.
 */
export async function readForm<Shape extends z.ZodRawShape>(
  c: HonoContext,
  form: string,
  schema: z.ZodObject<Shape>,
): Promise<{ typed: Record<string, string>; value: z.output<z.ZodObject<Shape>> }> {
  const typed = await typedIn(c)
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
  const { param, status } = error
  const message = error.code === 'idempotency_key_reused' ? sentOtherwise : error.message
  const isAtField = param !== undefined && param in typed
  const refused = isAtField ? { wrong: { [param]: message } } : { wrong: {}, message }
  return { refused: { form, typed, ...refused }, status }
}

const sentOtherwise =
  'This form was sent already, with other words in it. What it did is above; to do more, open the page anew.'

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

/** A field that makes a form count once, however often it is sent. */
export function onceField(now: Date): Html {
  return html`<input type="hidden" name="once" value="${newId(now)}" />`
}

/** True where a form was refused only because it had been sent before: a second press of the same button. */
export function wasSentBefore(error: unknown): boolean {
  return error instanceof Problem && error.code === 'idempotency_in_progress'
}

/** By what a form that was sent twice is recognised. A form without its field counts each time. */
export function onceOf(
  { once, ...typed }: Record<string, string>,
  { merchant_id, route }: { merchant_id: string; route: string },
): Repeatable | undefined {
  if (!once || once.length > 60) return undefined
  const { csrf: _, [passwordName]: __, ...request } = typed
  return { merchant_id, route: `dashboard ${route}`, key: once, request_hash: hashRequest(request) }
}

// The API names the field before it says what is wrong; a form says it at the field.
function asSentence(message: string): string {
  const said = message === 'is missing' ? 'Fill this in' : message
  return `${said[0]!.toUpperCase()}${said.slice(1)}`.replace(/(?<![.!?])$/, '.')
}

import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ZodError } from 'zod'
import { toUuid } from '../id.ts'
import type { Prefix } from '../id.ts'
import type { Caller, Scope } from '../access/key.ts'
import type { Context } from '../context.ts'
import { parseShillings } from '../money.ts'
import { parsePhone } from '@lango/daraja'
import { Problem, problems } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'

/** What the middleware before a route of `/v1` has found out: who calls, and the context with them as actor. */
export type ApiEnvironment = { Variables: { caller: Caller; context: Context; request_id: string } }

/** An empty set of API routes. What the request's schema refuses becomes a Problem that names the field. */
export function createRoutes(): OpenAPIHono<ApiEnvironment> {
  return new OpenAPIHono<ApiEnvironment>({
    defaultHook: (result) => {
      if (!result.success) throw problemOf(result.error as ZodError)
    },
  })
}

/** Lets a call through only if its key has this scope. */
export function needs(scope: Scope): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    if (!c.get('caller').scopes.includes(scope)) {
      throw new Problem(
        'forbidden',
        `This API key lacks the scope ${scope}. Make one that has it: lango keys create --scopes ${scope}`,
      )
    }
    await next()
  }
}

/** What went wrong, in the shape that every failure has. */
export function renderProblem(c: HonoContext, problem: Problem): Response {
  const { code, status, message, param, details } = problem
  const error = {
    code,
    message,
    param: param ?? null,
    request_id: c.get('request_id') as string,
    docs_url: `/docs/errors#${code}`,
    ...details,
  }
  return c.json({ success: false, error }, status)
}

/** The Problem that an error is, if it is the caller's: undefined for a bug or an outage of ours. */
export function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (error instanceof HTTPException) {
    if (error.status === 413) return new Problem('body_too_large')
    return new Problem(
      'malformed_json',
      'The body is not valid JSON. Send an object, with the header Content-Type: application/json.',
    )
  }
  if (unstorable.has((error as { code?: string }).code ?? '')) {
    return new Problem('invalid_request', 'A text holds the character U+0000, which cannot be stored. Leave it out.')
  }
  return undefined
}

/** PostgreSQL's words for a text that it cannot hold. */
const unstorable = new Set(['22021', '22P05'])

function problemOf(error: ZodError): Problem {
  const issue = error.issues[0]!
  const param = [...issue.path, ...(issue.code === 'unrecognized_keys' ? [issue.keys[0]!] : [])].join('.') || undefined
  if (issue.code === 'unrecognized_keys') {
    return new Problem(
      'invalid_request',
      `There is no field or parameter "${issue.keys[0]}" here. Check its spelling, or leave it out.`,
      param,
    )
  }
  const named = issue.code === 'custom' ? (issue.params?.['problem'] as ProblemCode | undefined) : undefined
  if (named && named in problems) return new Problem(named, issue.message, param)
  return new Problem('invalid_request', `${param ? `"${param}": ` : ''}${issue.message}.`.replace(/\.\.$/, '.'), param)
}

/** The schema of a successful answer. */
export function success<Schema extends z.ZodType>(data: Schema, description: string) {
  const schema = z.object({
    success: z.literal(true),
    data,
    meta: z.object({ warnings: z.array(z.string()).optional() }).optional(),
  })
  return { content: { 'application/json': { schema } }, description }
}

/** The schema of a page of a list, newest first. */
export function page<Schema extends z.ZodType>(item: Schema, description: string) {
  const meta = z.object({ has_more: z.boolean(), next_cursor: z.string().nullable() })
  const schema = z.object({ success: z.literal(true), data: z.array(item), meta })
  return { content: { 'application/json': { schema } }, description }
}

const failureSchema = z
  .object({
    success: z.literal(false),
    error: z.object({
      code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
      message: z.string(),
      param: z.string().nullable(),
      request_id: z.string(),
      docs_url: z.string(),
    }),
  })
  .openapi('Failure')

/** Every failure, for the OpenAPI document. */
export const failures = {
  default: {
    content: { 'application/json': { schema: failureSchema } },
    description: 'What was wrong, and what to do.',
  },
}

/** The body of a request. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } }
}

/** An id of one noun, read to the UUID inside. Another noun's id, or none at all, is 404: there is no such object. */
export function idSchema(prefix: Prefix) {
  return z
    .string()
    .transform((text, context) => {
      const hex = text.startsWith(`${prefix}_`) ? text.slice(prefix.length + 1) : ''
      if (/^[0-9a-f]{32}$/.test(hex)) return toUuid(hex)
      context.addIssue({
        code: 'custom',
        message: `There is no ${text.slice(0, 60)}. An id here begins with ${prefix}_.`,
        params: { problem: 'not_found' },
      })
      return z.NEVER
    })
    .openapi({ type: 'string', example: `${prefix}_0193a6c177b27d0e8f21c4d5e6f70812` })
}

/** The path parameter `id` of one noun. */
export function idParam(prefix: Prefix) {
  return z.strictObject({ id: idSchema(prefix) })
}

/** An amount in shillings, as a number or a decimal string, read to cents. */
export const amountSchema = z
  .union([z.number(), z.string()])
  .transform((value, context) => {
    const cents = parseShillings(value)
    if (cents !== undefined && cents > 0) return cents
    const message = 'An amount is a number of shillings above 0, such as 500 or "500.00".'
    context.addIssue({ code: 'custom', message, params: { problem: 'invalid_amount' } })
    return z.NEVER
  })
  .openapi({ type: 'string', example: '500.00' })

/** A Kenyan mobile number in any usual form, read to 254XXXXXXXXX. */
export const phoneSchema = z
  .string()
  .max(40)
  .transform((text, context) => {
    const phone = parsePhone(text)
    if (phone) return phone as string
    const message = 'Not a Kenyan mobile number. Write it as 0712 345 678, 0112 345 678 or +254712345678.'
    context.addIssue({ code: 'custom', message, params: { problem: 'invalid_phone' } })
    return z.NEVER
  })
  .openapi({ type: 'string', example: '0712345678' })

/** What a merchant attaches to an object, and gets back as it was. */
export const metadataSchema = z
  .record(z.string().max(40), z.unknown())
  .refine((value) => JSON.stringify(value).length <= 8_000, 'metadata is at most 8,000 characters')

/** The parameters that every list takes. */
export const pageParams = {
  limit: z.coerce.number().int().min(1).max(100).default(20).openapi({ type: 'integer', example: 20 }),
  cursor: z.string().max(100).optional(),
}

/** A time in ISO 8601. */
export const timeSchema = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .openapi({ type: 'string', format: 'date-time' })

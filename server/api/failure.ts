import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ZodError } from 'zod'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import { isAway } from '../database/outage.ts'
import { newId } from '../id.ts'
import { showPath } from '../log.ts'
import { Problem, problems } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'

const failureSchema = z
  .object({
    success: z.literal(false),
    error: z.object({
      code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
      message: z.string(),
      param: z.string().nullable(),
      request_id: z.string(),
      docs_url: z.string(),
      lines: z
        .array(z.object({ line: z.number(), param: z.string().nullable(), message: z.string() }))
        .optional()
        .openapi({ description: 'Of a batch that was not taken: what is wrong with which line.' }),
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

/** When to come again, where nobody knows better: a payment is checked, and a statement read, no more often by one caller. */
const comeAgainSeconds = '10'

/** What went wrong, in the shape that every failure has. */
export function renderProblem(c: HonoContext, problem: Problem, config: Pick<Config, 'publicUrl'>): Response {
  if (problem.status === 429 && !c.res.headers.has('Retry-After')) c.header('Retry-After', comeAgainSeconds)
  return c.json(failureOf(problem, c.get('request_id') as string, config), problem.status)
}

/** The body of a failure. */
export function failureOf(
  { code, message, param, details }: Problem,
  request_id: string,
  { publicUrl }: Pick<Config, 'publicUrl'>,
) {
  const docs_url = `${publicUrl}/docs/errors#${code}`
  return { success: false, error: { code, message, param: param ?? null, request_id, docs_url, ...details } }
}

/** The name of a request, by which it is found again in a log. */
export function newRequestId(now: Date): string {
  return `req_${newId(now).replaceAll('-', '')}`
}

/**
 * What a caller is told of an error. What is not their mistake is logged in full, and told as little as possible; that the database
 * is away, it tells the log itself.
 */
export function problemBehind({ log }: Pick<Context, 'log'>, error: unknown, path: string): Problem {
  const problem = asProblem(error)
  if (problem) return problem
  if (isAway(error))
    return new Problem(
      'unavailable',
      'The database cannot be reached at the moment. Nothing was lost; try again in a few seconds.',
    )
  log.error({ error, path: showPath(path) }, 'A request failed on our side.')
  return new Problem('internal')
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
  if (isBrokenOff(error)) {
    return new Problem('invalid_request', 'The connection broke before the whole body had come. Send it again.')
  }
  if (unstorable.has((error as { code?: string }).code ?? '')) {
    return new Problem('invalid_request', 'A text holds the character U+0000, which cannot be stored. Leave it out.')
  }
  return undefined
}

/** Node's words for a request whose sender went away: it looks like a connection to the database that broke, and is none. */
function isBrokenOff(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === 'ECONNRESET' && message === 'aborted'
}

/** PostgreSQL's words for a text that it cannot hold. */
const unstorable = new Set(['22021', '22P05'])

/** What a schema refused, as a Problem that names the first field concerned. */
export function problemOf(error: ZodError): Problem {
  const issue = error.issues[0]!
  if (issue.code === 'unrecognized_keys') return unknownField([...issue.path, issue.keys[0]!])
  const param = nameOf(issue.path)
  const named = issue.code === 'custom' ? (issue.params?.['problem'] as ProblemCode | undefined) : undefined
  if (named && Object.hasOwn(problems, named)) return new Problem(named, issue.message, param)
  return new Problem('invalid_request', sentence(param, issue.message), param)
}

function unknownField(path: PropertyKey[]): Problem {
  const param = nameOf(path)
  const message = `There is no field or parameter "${param}" here. Check its spelling, or leave it out.`
  return new Problem('invalid_request', message, param)
}

const nameLengthMax = 100

function nameOf(path: PropertyKey[]): string | undefined {
  return path.map(String).join('.').slice(0, nameLengthMax) || undefined
}

/** Our words for what a schema refuses begin small, and go on from the name of the field. A schema's own message is whole. */
function sentence(param: string | undefined, message: string): string {
  const isWhole = !/^[a-z]/.test(message)
  const subject = param === undefined ? 'The body' : `"${param}"`
  const said = isWhole ? (param === undefined ? message : `${subject}: ${message}`) : `${subject} ${message}`
  return said.replace(/\.?$/, '.')
}

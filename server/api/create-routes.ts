import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import type { ZodError } from 'zod'
import { grants } from '../access/scope.ts'
import type { Caller } from '../access/key.ts'
import type { Scope } from '../access/scope.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { problemOf } from './failure.ts'

/** What the middleware before a route of `/v1` has found out: who calls, and the context with them as actor. */
export type ApiEnvironment = { Variables: { caller: Caller; context: Context; request_id: string } }

/** An empty set of API routes. What the request's schema refuses becomes a Problem that names the field. */
export function createRoutes(): OpenAPIHono<ApiEnvironment> {
  return new OpenAPIHono<ApiEnvironment>({
    defaultHook: (result, c) => {
      if (result.success) return
      const isUnread = result.target === 'json' && !c.req.header('Content-Type')
      throw isUnread
        ? new Problem('malformed_json', 'The body is empty. Send a JSON object.')
        : problemOf(result.error as ZodError)
    },
  })
}

/** Lets a call through only if its key has this scope. */
export function needs(scope: Scope): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    needsScope(c.get('caller'), scope)
    await next()
  }
}

/** @throws a Problem when the key of a caller lacks this scope. */
export function needsScope({ scopes, merchant_id, key_id }: Caller, scope: Scope): void {
  if (grants(scopes, scope)) return
  if (!key_id)
    throw new Problem('forbidden', 'Your role does not include this. An owner can give you another, under Team.')
  const hint = `lango keys create --merchant ${showId('mer', merchant_id)} --scopes ${scope}`
  throw new Problem('forbidden', `This API key lacks the scope ${scope}. Make one that has it: ${hint}`)
}

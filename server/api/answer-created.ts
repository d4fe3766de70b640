import { z } from '@hono/zod-openapi'
import type { Context as HonoContext, TypedResponse } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { JSONParsed } from 'hono/utils/types'
import { succeeded } from './answer.ts'
import type { ApiEnvironment } from './create-routes.ts'
import { hashRequest, keepAnswers } from './idempotency.ts'
import type { Creation, Repeatable } from './idempotency.ts'

/** The header of a request that its caller may repeat. */
export const repeatableHeaders = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() })

type CreatedAnswer<Shown> = { success: true; data: Shown; meta?: { warnings: string[] } }

/**
 * Carries out a request that makes something, and answers 201 with what it made. With an Idempotency-Key the answer is kept, and
 * given again, marked as such, to whoever repeats the request; `route` tells the keys of one kind of request from others'.
 */
export async function answerCreated<Made, Shown>(
  c: HonoContext<ApiEnvironment>,
  route: string,
  {
    create,
    show,
    warnings,
    request = c.req.valid('json' as never),
  }: {
    create: (idempotency: Repeatable | undefined) => Promise<Creation<Made>>
    show: (made: Made) => Shown
    warnings?: string[]
    /** What is asked for, where it is not the body as JSON. */
    request?: unknown
  },
): Promise<TypedResponse<JSONParsed<CreatedAnswer<Shown>>, 201, 'json'>> {
  const idempotency = repeatable(c, route, request)
  const creation = await create(idempotency)
  if ('answer' in creation) return again(c, creation.answer, creation.status)

  const answer = JSON.stringify({ ...succeeded(show(creation.made)), meta: warnings && { warnings } })
  if (creation.isRepeat) return again(c, answer, 201)
  if (idempotency) await c.var.context.gather(keepAnswers, { ...idempotency, status: 201, answer })
  return c.body(answer, 201, { 'Content-Type': 'application/json' }) as never
}

/** By what a repetition of this request is recognised; undefined without an Idempotency-Key. */
function repeatable(c: HonoContext<ApiEnvironment>, route: string, request: unknown): Repeatable | undefined {
  const key = c.req.header('idempotency-key')
  if (!key) return undefined
  // The request as its schema read it: however its amounts and phones were written, and whatever was left out or null.
  const request_hash = hashRequest(request)
  return { merchant_id: c.var.caller.merchant_id, route, key, request_hash }
}

function again(c: HonoContext, answer: string, status: number): never {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Replayed': 'true' }
  return c.body(answer, status as ContentfulStatusCode, headers) as never
}

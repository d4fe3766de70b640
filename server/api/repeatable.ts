import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ApiEnvironment } from './api.ts'
import { hashRequest } from './idempotency.ts'
import type { Repeatable } from './idempotency.ts'

/** The header of a request that its caller may repeat. */
export const repeatableHeaders = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() })

/** By what a repetition of this request is recognised; undefined without an Idempotency-Key. */
export async function repeatable(c: HonoContext<ApiEnvironment>, route: string): Promise<Repeatable | undefined> {
  const key = c.req.header('idempotency-key')
  if (!key) return undefined
  return { merchant_id: c.var.caller.merchant_id, route, key, request_hash: hashRequest(await c.req.json()) }
}

/** Gives the first answer again, and says so. */
export function repeated(c: HonoContext<ApiEnvironment>, answer: string, status: number): never {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Replayed': 'true' }
  return c.body(answer, status as ContentfulStatusCode, headers) as never
}

import type { HonoRequest } from 'hono'

/** The API key that a request shows, in the one header or the other; nobody has judged it yet. */
export function presentedKey(request: HonoRequest): string | undefined {
  return request.header('X-API-Key') || request.header('Authorization')?.replace(/^Bearer /i, '')
}

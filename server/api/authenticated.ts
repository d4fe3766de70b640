import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { createFailedAttempts } from '../access/failed-attempts.ts'
import { rememberKeys } from '../access/key-memory.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { peerOf, sourceAddress } from '../source-address.ts'
import type { ApiEnvironment } from './create-routes.ts'
import { presentedKey } from './presented-key.ts'

/**
 * Lets through whoever shows a valid API key. An address that has shown ten others within five minutes is told to wait; but never
 * is a valid key refused for what its neighbours behind the same address do.
 */
export function authenticated(context: Context): MiddlewareHandler<ApiEnvironment> {
  const failed = createFailedAttempts()
  const authenticate = rememberKeys(context)
  return async (c, next) => {
    const caller = await authenticate(presentedKey(c.req)).catch((error: unknown): never => {
      if (error instanceof Problem && error.code === 'unauthorized') refuseToGuess(c)
      throw error
    })
    c.set('caller', caller)
    c.set('context', { ...context, actor: `key:${showId('key', caller.key_id)}`, person: caller.person })
    await next()
  }

  function refuseToGuess(c: HonoContext): void {
    const address = sourceAddress(peerOf(c), c.req.header('X-Forwarded-For'), context.config.trustedProxies)
    const now = context.clock.now()
    const waitMs = failed.waitMs(address, now)
    if (waitMs === 0) return failed.add(address, now)
    const seconds = Math.ceil(waitMs / 1000)
    c.header('Retry-After', String(seconds))
    throw new Problem(
      'too_many_requests',
      `Ten requests from your address came without a valid API key within 5 minutes. A valid key is taken at any time; another one is looked at again in ${seconds} seconds.`,
    )
  }
}

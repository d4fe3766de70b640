import type { MiddlewareHandler } from 'hono'
import type { Context } from '../context.ts'
import { Problem } from '../problem.ts'
import type { ApiEnvironment } from './create-routes.ts'
import { presentedKey } from './presented-key.ts'

/** A burst is over by then; what waits for longer waits because more is asked than can be done. */
const patienceMs = 1_000

/**
 * Lets a merchant's call in while the database keeps up. When it has not for a second, whoever has most calls under way is told to
 * come again: a flood is for the one to wait for who made it, and what is let in is answered soon. It comes before the key is looked
 * up, for that waits for the database too. Callbacks do not come by here: what a provider tells is never turned away.
 */
export function admission({ database }: Context): MiddlewareHandler<ApiEnvironment> {
  const underWay = new Map<string, number>()
  let total = 0
  return async (c, next) => {
    const caller = presentedKey(c.req) ?? ''
    const own = underWay.get(caller) ?? 0
    if (own > 0 && own >= total / underWay.size && database.load().overloadedMs > patienceMs) {
      c.header('Retry-After', '1')
      throw new Problem(
        'too_many_requests',
        'More is asked at the moment than can be answered soon, most of it by you. Nothing was done; ask again in a second.',
      )
    }
    total++
    underWay.set(caller, own + 1)
    try {
      await next()
    } finally {
      total--
      const left = underWay.get(caller)! - 1
      if (left === 0) underWay.delete(caller)
      else underWay.set(caller, left)
    }
  }
}

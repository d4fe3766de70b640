import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Problem } from '../problem.ts'

const bodyBytesMax = 1024 * 1024

/** Refuses bodies over 1 MB, but at the paths that begin as `except` says: their routes have limits of their own. */
export function limitBody({ except }: { except: string[] }): MiddlewareHandler {
  const onError = (): never => {
    throw new Problem('body_too_large', 'The body is larger than 1 MB. Send less.')
  }
  const count = bodyLimit({ maxSize: bodyBytesMax, onError })
  return async (c, next) => {
    if (except.some((path) => c.req.path.startsWith(path))) return next()
    // Node's parser holds a sender to the length that it states, so that only a body without one has to be counted: to look
    // into it costs a callback as much as half of all else.
    const length = c.req.header('Content-Length')
    if (length === undefined || c.req.header('Transfer-Encoding') !== undefined) return count(c, next)
    return Number(length) > bodyBytesMax ? onError() : next()
  }
}

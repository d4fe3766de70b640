import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Problem } from '../problem.ts'

/** What any body may have, where nothing else is said. */
export const bodyBytesMax = 1024 * 1024

/** Refuses bodies over 1 MB, but at the paths that begin as `except` says: their routes have limits of their own. */
export function limitBody({ except }: { except: string[] }): MiddlewareHandler {
  const limit = limitBytes(bodyBytesMax, 'The body is larger than 1 MB. Send less.')
  return (c, next) => (except.some((path) => c.req.path.startsWith(path)) ? next() : limit(c, next))
}

/** Refuses bodies of more bytes, in these words. */
export function limitBytes(maxSize: number, message: string): MiddlewareHandler {
  const onError = (): never => {
    throw new Problem('body_too_large', message)
  }
  const count = bodyLimit({ maxSize, onError })
  return async (c, next) => {
    // Node's parser holds a sender to the length that it states, so that only a body without one has to be counted: to look
    // into it costs a callback as much as half of all else.
    const length = c.req.header('Content-Length')
    if (length === undefined || c.req.header('Transfer-Encoding') !== undefined) return count(c, next)
    return Number(length) > maxSize ? onError() : next()
  }
}

import type { Context, MiddlewareHandler } from 'hono'

/**
 * Lets nothing be changed for a page of another origin: a site that somebody has open in the same browser could otherwise post to
 * the phones. Browsers say where a request comes from; programs say nothing, and may.
 */
export function ownOriginOnly(
  refuse: (c: Context, sentence: string) => Response | Promise<Response>,
): MiddlewareHandler {
  return async (c, next) => {
    if (['GET', 'HEAD'].includes(c.req.method) || isOwn(c)) return next()
    return refuse(c, 'This is changed from its own pages, or by a program, and not from a page of another site.')
  }
}

function isOwn(c: Context): boolean {
  const origin = c.req.header('Origin')
  const site = c.req.header('Sec-Fetch-Site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === new URL(c.req.url).host)
}

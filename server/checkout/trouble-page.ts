import type { Context as HonoContext } from 'hono'
import type { Context } from '../context.ts'
import { isAway } from '../database/outage.ts'
import { showPath } from '../log.ts'
import { Problem } from '../problem.ts'
import { languageOf } from '../web/language.ts'
import { troublePage } from './page.ts'

const againS = 5
const spreadS = 5

/**
 * Shows a payer that something went wrong on our side, and where to look again. While the database is away, or has too much to do,
 * the page does so by itself, after five to ten seconds: those who were turned away together do not come back together.
 */
export function showTrouble(
  context: Context,
  c: HonoContext,
  error: Error,
  path: string,
): Response | Promise<Response> {
  const requestId = c.get('request_id') as string
  if (isAway(error)) {
    const seconds = againS + Math.floor(Math.random() * (spreadS + 1))
    c.header('Retry-After', String(seconds))
    return c.html(troublePage(languageOf(c), { path, requestId, againS: seconds }), 503)
  }
  context.log.error({ error, path: showPath(c.req.path) }, 'A page of a payer failed.')
  return c.html(troublePage(languageOf(c), { path, requestId }), error instanceof Problem ? error.status : 500)
}

/** The address that was asked for. */
export function askedFor(c: HonoContext): string {
  const { pathname, search } = new URL(c.req.url)
  return pathname + search
}

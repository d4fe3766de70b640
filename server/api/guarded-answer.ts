import type { MiddlewareHandler } from 'hono'
import type { Config } from '../config.ts'

/** What every answer says to a browser, unless it says something stricter or needs more: a page names its own styles and scripts. */
const always = {
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
}

const twoYears = 'max-age=63072000'

/** The headers that keep a browser from doing with an answer what it was not meant for; with https, that it asks by nothing else. */
export function guardingHeaders({ publicUrl }: Pick<Config, 'publicUrl'>): Record<string, string> {
  return publicUrl.startsWith('https://') ? { ...always, 'Strict-Transport-Security': twoYears } : always
}

/** Puts them on every answer, also on those that are failures. What a page has set itself stays. */
export function guardedAnswer(config: Pick<Config, 'publicUrl'>): MiddlewareHandler {
  return async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(guardingHeaders(config)))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }
}

import type { Context as HonoContext } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Context } from '../context.ts'

/**
 * What a browser keeps for us: the token of a session; the name by which it is known where its user has signed in; and, before
 * anybody has, something that only its own forms can tell.
 */
export type Cookie = 'session' | 'device' | 'visit'

const names: Record<Cookie, string> = { session: 'lango_session', device: 'lango_device', visit: 'lango_visit' }
const yearSeconds = 365 * 24 * 3_600

/** No script reads it, no other site sends it with a form, and under https no other host of the same domain can set it. */
export function putCookie(c: HonoContext, context: Context, cookie: Cookie, value: string): void {
  const rest = { httpOnly: true, sameSite: 'Lax', path: '/' } as const
  const kept = cookie === 'device' ? { ...rest, maxAge: yearSeconds } : rest
  setCookie(c, names[cookie], value, isSecure(context) ? { ...kept, prefix: 'host', secure: true } : kept)
}

export function readCookie(c: HonoContext, context: Context, cookie: Cookie): string | undefined {
  return isSecure(context) ? getCookie(c, names[cookie], 'host') : getCookie(c, names[cookie])
}

export function dropCookie(c: HonoContext, context: Context, cookie: Cookie): void {
  deleteCookie(c, names[cookie], isSecure(context) ? { path: '/', prefix: 'host', secure: true } : { path: '/' })
}

/** A cookie as the browser keeps it under its whole name. */
export function nameOf(context: Context, cookie: Cookie): string {
  return isSecure(context) ? `__Host-${names[cookie]}` : names[cookie]
}

function isSecure({ config }: Context): boolean {
  return config.publicUrl.startsWith('https:')
}

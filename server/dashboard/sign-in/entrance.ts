import type { Context as HonoContext } from 'hono'
import type { Context } from '../../context.ts'
import type { Whence } from '../../people/session.ts'
import type { LetIn } from '../../people/sign-in.ts'
import { newToken } from '../../people/token.ts'
import { peerOf, sourceAddress } from '../../source-address.ts'
import { putCookie, readCookie } from '../cookies.ts'
import { csrfTokenOf } from '../own-form.ts'

/** Lets the browser keep what it was let in by. */
export function keepSession(server: Context, c: HonoContext, { token, device }: LetIn): void {
  putCookie(c, server, 'session', token)
  putCookie(c, server, 'device', device)
}

/** What a form must say that is sent before anybody is signed in. */
export function visitorToken(server: Context, c: HonoContext): string {
  const known = readCookie(c, server, 'visit')
  const visit = known ?? newToken()
  if (!known) putCookie(c, server, 'visit', visit)
  return csrfTokenOf(visit)
}

/** From where a request comes. */
export function whence({ config }: Context, c: HonoContext): Whence {
  const address = sourceAddress(peerOf(c), c.req.header('X-Forwarded-For'), config.trustedProxies)
  return { address, agent: c.req.header('User-Agent') }
}

/** What whoever guesses is told, in words and by the header that says it to a program. */
export function waitWords(c: HonoContext, ms: number): string {
  c.header('Retry-After', String(Math.ceil(ms / 1000)))
  const count = Math.ceil(ms / 60_000)
  return `Too many were tried. Wait ${count === 1 ? '1 minute' : `${count} minutes`}, then try again.`
}

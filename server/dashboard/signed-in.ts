import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import type { Caller, Mode } from '../access/key.ts'
import { scopesOf } from '../access/role.ts'
import type { Role } from '../access/role.ts'
import type { Scope } from '../access/scope.ts'
import type { Context } from '../context.ts'
import { newId, showId } from '../id.ts'
import { findSession } from '../people/session.ts'
import type { Session } from '../people/session.ts'
import { Problem } from '../problem.ts'
import { html } from 'hono/html'
import { deskPage } from '../web/headers.ts'
import type { OwnStyles } from '../web/headers.ts'
import type { Html } from '../web/html.ts'
import { dropCookie, readCookie } from './cookies.ts'
import { answerOnce, nameForm } from './once.ts'
import { csrfInput, csrfTokenOf, fieldsOf, hasFile, isOwnForm } from './own-form.ts'
import { signInPath } from './way-back.ts'

/** Who is signed in, what they look at, and what they may do there. Ids are those of the tables. */
export type SignedIn = {
  user: { id: string; email: string; name: string }
  session: { id: string; csrf_token: string; confirmed_at: Date | null }
  merchant: { id: string; name: string }
  merchants: { id: string; name: string }[]
  mode: Mode
  role: Role
  scopes: Scope[]
  /** The time now: a page that is told news is made again and again. */
  now: () => Date
}

/** What stands before every page of the dashboard: who is signed in, as a caller of verbs, and the context with them as actor. */
export type SignedInEnvironment = {
  Variables: { signedIn: SignedIn; caller: Caller; context: Context; request_id: string } & OwnStyles
}

/** For how long a password that was typed again lets its owner do what asks for it. */
const confirmedMs = 10 * 60_000

/**
 * Lets through whoever is signed in, and sends anybody else to do so and come back. A form is taken only from our own pages, and one
 * that holds a word in the field `once` is carried out once, however often it is sent.
 * @throws a Problem for a form that is not.
 */
export function signedIn(server: Context): MiddlewareHandler<SignedInEnvironment> {
  return async (c, next) => {
    // Where it stands before a path twice, the first is enough.
    if (c.get('signedIn')) return next()
    const token = readCookie(c, server, 'session')
    const isUse = c.req.header('Accept') !== 'text/event-stream'
    const session = token ? await findSession(server, token, { isUse }) : undefined
    const found = session && token ? signedInBy(server, session, csrfTokenOf(token)) : undefined
    if (!found) return askToSignIn(c, server)

    const isForm = !['GET', 'HEAD'].includes(c.req.method)
    if (isForm && !(await isOwnForm(c, server, found.session.csrf_token)))
      throw new Problem('forbidden', 'This form is of an earlier session, or of another site. Open its page anew.')

    const { merchant, mode, scopes } = found
    const person = `user:${showId('usr', found.user.id)}`
    c.set('signedIn', found)
    c.set('caller', { merchant_id: merchant.id, mode, scopes, person })
    c.set('context', {
      ...server,
      actor: person,
      person,
      isOwner: found.role === 'owner',
      isConfirmed: isConfirmed(server, found.session.confirmed_at),
    })
    const fields = isForm ? await fieldsOf(c) : {}
    // What a file holds is not in its form's name.
    if (!fields['once'] || (await hasFile(c))) return deskPage(c, next)
    const sent = { session_id: found.session.id, once: nameForm(c.req.path, fields) }
    return deskPage(c, async () => {
      const again = await answerOnce(c, server, { sent, carryOut: next })
      if (again) c.res = again
    })
  }
}

/** True while the password that was typed again still counts. */
function isConfirmed({ clock }: Context, confirmed_at: Date | null): boolean {
  return confirmed_at !== null && clock.now().getTime() - confirmed_at.getTime() < confirmedMs
}

/** True as long as whoever was let in still would be, as what they were. A page that is told news asks before each. */
export async function isStillSignedIn(c: HonoContext<SignedInEnvironment>): Promise<boolean> {
  const { context, signedIn: known } = c.var
  const token = readCookie(c, context, 'session')
  const session = token ? await findSession(context, token, { isUse: false }) : undefined
  const place = session?.places.find(({ id }) => id === known.merchant.id)
  return place?.role === known.role
}

/**
 * What every form of the dashboard hides: that it is ours; and a word of its own, by which it counts once however often it is sent,
 * and which tells when its page was made.
 */
export function csrfField({ session, now }: Pick<SignedIn, 'session' | 'now'>): Html {
  return html`${csrfInput(session.csrf_token)}<input type="hidden" name="once" value="${newId(now())}" />`
}

/** Undefined for somebody who is a member of no business any more. */
function signedInBy(
  { clock }: Context,
  { id, confirmed_at, places, ...session }: Session,
  csrf_token: string,
): SignedIn | undefined {
  const place = places.find((one) => one.id === session.merchant_id) ?? places[0]
  if (!place) return undefined
  return {
    user: { id: session.user_id, email: session.email, name: session.name },
    session: { id, csrf_token, confirmed_at },
    merchant: { id: place.id, name: place.name },
    merchants: places.map((one) => ({ id: one.id, name: one.name })),
    // What was chosen was chosen for the place.
    mode: (session.merchant_id === place.id ? session.mode : null) ?? (place.is_live ? 'live' : 'test'),
    role: place.role,
    scopes: scopesOf(place.role),
    now: () => clock.now(),
  }
}

function askToSignIn(c: HonoContext<SignedInEnvironment>, server: Context): Response {
  dropCookie(c, server, 'session')
  // A script that asks for news is told, and shows its reader the way.
  const isPage = /\btext\/html\b|\*\/\*/.test(c.req.header('Accept') ?? '*/*')
  if (!isPage) throw new Problem('unauthorized', 'Nobody is signed in here any more.')
  return c.redirect(signInPath(pageOf(c)), 303)
}

/** The page that was asked for, or on which the form stands that was sent. */
function pageOf(c: HonoContext): string {
  if (c.req.method === 'GET') return pathOf(c.req.url)
  const from = c.req.header('Referer')
  return from && URL.canParse(from) ? pathOf(from) : '/'
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

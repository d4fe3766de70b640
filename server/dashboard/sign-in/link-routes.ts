import type { Context as HonoContext } from 'hono'
import type { Context } from '../../context.ts'
import { findInvitation } from '../../people/invitation.ts'
import type { Invitation } from '../../people/invitation.ts'
import { joinAnew, joinToo } from '../../people/join.ts'
import type { Newcomer } from '../../people/join.ts'
import { renewPassword } from '../../people/new-password.ts'
import { whyNotPassword } from '../../people/password.ts'
import { findSession, turnSession } from '../../people/session.ts'
import type { Session } from '../../people/session.ts'
import { findUser, readEmail } from '../../people/user.ts'
import { readCookie } from '../cookies.ts'
import { csrfTokenOf, fieldsOf, isOwnForm } from '../own-form.ts'
import { keepSession, visitorToken, whence } from './entrance.ts'
import { joinPage, joinTooPage, lostLinkPage } from './join-page.ts'
import type { Wrong } from './join-page.ts'

/** Where a link leads. To look uses nothing up: the programs that read mail follow links, too. */
export async function showLink(server: Context, c: HonoContext): Promise<Response> {
  const invitation = await invitationOf(server, c)
  if (!invitation) return c.html(lostLinkPage(), 404)
  const visit = await visitOf(server, c)
  const about = { action: c.req.path, invitation, csrf_token: visit.csrf_token }
  return c.html(visit.session && invitation.role ? joinTooPage({ ...about, ...visit.session }) : joinPage(about))
}

/** Does what a link is for, or says what is wrong with what was typed. */
export async function followLink(server: Context, c: HonoContext): Promise<Response> {
  const invitation = await invitationOf(server, c)
  if (!invitation) return c.html(lostLinkPage(), 404)
  const { session, csrf_token } = await visitOf(server, c)
  if (!(await isOwnForm(c, server, csrf_token))) return c.redirect(c.req.path, 303)
  if (!invitation.role) return chooseAnew(server, c, invitation, csrf_token)
  if (session) return follow(server, c, invitation, session)

  const typed = await fieldsOf(c)
  const who = await newcomer(server, c, invitation)
  if ('param' in who) return c.html(joinPage({ csrf_token, action: c.req.path, invitation, typed, wrong: who }), 400)
  const answer = await joinAnew(server, invitation, who)
  if (!answer) return c.html(lostLinkPage(), 404)
  keepSession(server, c, answer)
  return c.redirect('/', 303)
}

async function follow(server: Context, c: HonoContext, invitation: Invitation, session: Session): Promise<Response> {
  if (!isFor(invitation, session)) return c.redirect(c.req.path, 303)
  if (!(await joinToo(server, invitation, session.user_id))) return c.html(lostLinkPage(), 404)
  const { merchant_id } = invitation
  if (merchant_id) await turnSession(server, { id: session.id, merchant_id, mode: null })
  return c.redirect('/', 303)
}

async function chooseAnew(
  server: Context,
  c: HonoContext,
  invitation: Invitation,
  csrf_token: string,
): Promise<Response> {
  const { password = '', again = '' } = await fieldsOf(c)
  const wrong = wrongPassword({ password, again }, [invitation.email!])
  if (wrong) return c.html(joinPage({ csrf_token, action: c.req.path, invitation, wrong }), 400)
  if (!(await renewPassword(server, invitation, password))) return c.html(lostLinkPage(), 404)
  return c.redirect('/sign-in', 303)
}

/** True for a link that is for anybody, or for this user. */
function isFor({ email }: Invitation, user: { email: string }): boolean {
  return email === null || email === user.email
}

function invitationOf(server: Context, c: HonoContext): Promise<Invitation | undefined> {
  return findInvitation(server, c.req.param('token') ?? '')
}

/** Whoever is signed in already, and what the forms of the page must say. */
async function visitOf(server: Context, c: HonoContext): Promise<{ session: Session | undefined; csrf_token: string }> {
  const token = readCookie(c, server, 'session')
  const session = token ? await findSession(server, token) : undefined
  return { session, csrf_token: session ? csrfTokenOf(token!) : visitorToken(server, c) }
}

/** Somebody new whose words are good; else what is wrong with them. */
async function newcomer(server: Context, c: HonoContext, invitation: Invitation): Promise<Newcomer | Wrong> {
  const { name: typed = '', password = '', again = '', ...rest } = await fieldsOf(c)
  const name = typed.trim()
  const email = invitation.email ?? readEmail(rest['email'] ?? '')
  if (name === '' || name.length > 100)
    return { param: 'name', message: 'Say what you are called, in 1 to 100 letters.' }
  if (!email) return { param: 'email', message: 'This is no e-mail address. Write it like amina@example.com.' }
  if (await findUser(server, email))
    return { param: 'email', message: 'Somebody signs in with this address already. If that is you, sign in first.' }
  const wrong = wrongPassword({ password, again }, [email.split('@')[0]!, ...name.split(' ')])
  return wrong ?? { ...whence(server, c), email, name, password }
}

function wrongPassword({ password, again }: { password: string; again: string }, about: string[]): Wrong | undefined {
  const message = whyNotPassword(password, about)
  if (message) return { param: 'password', message }
  return password === again ? undefined : { param: 'again', message: 'The two are not the same. Type both again.' }
}

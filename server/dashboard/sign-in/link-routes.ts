import type { Context as HonoContext } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Context } from '../../context.ts'
import { findInvitation } from '../../people/invitation.ts'
import type { Invitation } from '../../people/invitation.ts'
import { joinBy, renewPassword } from '../../people/join.ts'
import type { Joining } from '../../people/join.ts'
import { whyNotPassword } from '../../people/password.ts'
import { checkPassword } from '../../people/sign-in.ts'
import type { LetIn } from '../../people/sign-in.ts'
import { findUser, readEmail } from '../../people/user.ts'
import { readCookie } from '../cookies.ts'
import { fieldsOf, isOwnForm } from '../own-form.ts'
import { keepSession, minutes, visitorToken, whence } from './entrance.ts'
import { joinPage, lostLinkPage } from './join-page.ts'
import type { Wrong } from './join-page.ts'

/** Where a link leads. To look uses nothing up: the programs that read mail follow links, too. */
export async function showLink(server: Context, c: HonoContext): Promise<Response> {
  const invitation = await invitationOf(server, c)
  if (!invitation) return c.html(lostLinkPage(), 404)
  const csrf_token = visitorToken(server, c)
  return c.html(joinPage({ csrf_token, action: c.req.path, invitation }))
}

/** Lets in whoever follows a link and says who they are, or says what is wrong with what they typed. */
export async function followLink(server: Context, c: HonoContext): Promise<Response> {
  const invitation = await invitationOf(server, c)
  if (!invitation) return c.html(lostLinkPage(), 404)
  const csrf_token = visitorToken(server, c)
  const typed = await fieldsOf(c)
  const again = (wrong: Wrong, status: ContentfulStatusCode = 400) =>
    c.html(joinPage({ csrf_token, action: c.req.path, invitation, typed, wrong }), status)
  if (!(await isOwnForm(c, server, csrf_token)))
    return again({ param: 'password', message: 'The page had grown old. Type the password again.' })
  const answer = await use(server, c, invitation)
  if (answer === undefined) return c.html(lostLinkPage(), 404)
  if ('param' in answer) return again(answer)
  keepSession(server, c, answer)
  return c.redirect('/', 303)
}

function invitationOf(server: Context, c: HonoContext): Promise<Invitation | undefined> {
  return findInvitation(server, c.req.param('token') ?? '')
}

async function use(server: Context, c: HonoContext, invitation: Invitation): Promise<LetIn | Wrong | undefined> {
  const { password = '', again = '' } = await fieldsOf(c)
  if (invitation.user_id !== null) {
    const wrong = wrongPassword({ password, again }, [invitation.email!])
    return wrong ?? renewPassword(server, invitation, { password, ...whence(server, c) })
  }
  const who = await whoFollows(server, c, invitation)
  return 'param' in who ? who : joinBy(server, invitation, who)
}

/** A user who shows their password, or somebody new whose words are good; else what is wrong with them. */
async function whoFollows(server: Context, c: HonoContext, invitation: Invitation): Promise<Joining | Wrong> {
  const { name = '', password = '', again = '', ...typed } = await fieldsOf(c)
  const from = whence(server, c)
  const email = invitation.email ?? readEmail(typed.email ?? '')
  if (!email) return { param: 'email', message: 'This is no e-mail address. Write it like amina@example.com.' }
  if (await findUser(server, email)) {
    const device = readCookie(c, server, 'device')
    const answer = await checkPassword(server, { ...from, email, password, device })
    if (answer.kind === 'right') return { ...from, user: answer.user }
    const message =
      answer.kind === 'wait'
        ? `Too many passwords were tried. Wait ${minutes(answer.ms)}, then try again.`
        : 'Somebody signs in with this address already. If that is you, type the password that you have.'
    return { param: 'password', message }
  }
  if (name.trim() === '' || name.trim().length > 100)
    return { param: 'name', message: 'Say what you are called, in 1 to 100 letters.' }
  const wrong = wrongPassword({ password, again }, [email.split('@')[0]!, name.trim()])
  return wrong ?? { ...from, email, name: name.trim(), password }
}

function wrongPassword({ password, again }: { password: string; again: string }, about: string[]): Wrong | undefined {
  const message = whyNotPassword(password, about)
  if (message) return { param: 'password', message }
  return password === again ? undefined : { param: 'again', message: 'The two are not the same. Type both again.' }
}

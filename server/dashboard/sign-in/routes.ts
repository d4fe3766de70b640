import { Hono } from 'hono'
import type { Context as HonoContext } from 'hono'
import type { Context } from '../../context.ts'
import { endSession, findSession, turnSession } from '../../people/session.ts'
import { signIn, signInByCode } from '../../people/sign-in.ts'
import type { LetIn } from '../../people/sign-in.ts'
import { Problem } from '../../problem.ts'
import { deskPage } from '../../web/headers.ts'
import { dropCookie, readCookie } from '../cookies.ts'
import { fieldsOf, isOwnForm } from '../own-form.ts'
import { signedIn } from '../signed-in.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { signInPath, wayBack } from '../way-back.ts'
import { codePage } from './code-page.ts'
import { keepSession, visitorToken, waitWords, whence } from './entrance.ts'
import { followLink, showLink } from './link-routes.ts'
import { signInPage } from './sign-in-page.ts'

type Page = HonoContext<SignedInEnvironment>

/** Signing in and out, and where links lead that let somebody in. */
export function signInRoutes(server: Context): Hono<SignedInEnvironment> {
  const routes = new Hono<SignedInEnvironment>()
  routes.use('/sign-in/*', deskPage)
  routes.use('/join/*', deskPage)
  routes.get('/sign-in', (c) => show(server, c))
  routes.post('/sign-in', (c) => enter(server, c))
  routes.post('/sign-in/code', (c) => enterCode(server, c))
  routes.get('/join/:token', (c) => showLink(server, c))
  routes.post('/join/:token', (c) => followLink(server, c))
  routes.use('/sign-out', signedIn(server))
  routes.post('/sign-out', (c) => leave(server, c))
  routes.use('/switch', signedIn(server))
  routes.post('/switch', turn)
  return routes
}

async function show(server: Context, c: Page): Promise<Response> {
  const to = wayBack(c.req.query('to'))
  const token = readCookie(c, server, 'session')
  if (token && (await findSession(server, token))) return c.redirect(to, 303)
  return c.html(signInPage({ csrf_token: visitorToken(server, c), to }))
}

async function enter(server: Context, c: Page): Promise<Response> {
  const csrf_token = visitorToken(server, c)
  const { email = '', password = '', to: asked } = await fieldsOf(c)
  const to = wayBack(asked)
  const again = (error: string, status: 400 | 429) => c.html(signInPage({ csrf_token, to, email, error }), status)
  if (!(await isOwnForm(c, server, csrf_token))) return again('The page had grown old. Type the password again.', 400)
  const device = readCookie(c, server, 'device')
  const answer = await signIn(server, { ...whence(server, c), email, password, device }, csrf_token)
  if (answer.kind === 'code') return c.html(codePage({ csrf_token, to, pass: answer.pass }))
  if (answer.kind === 'wrong') return again('This address and this password do not belong together.', 400)
  if (answer.kind === 'wait') return again(waitWords(c, answer.ms), 429)
  return letIn(server, c, answer, to)
}

async function enterCode(server: Context, c: Page): Promise<Response> {
  const csrf_token = visitorToken(server, c)
  const { code = '', pass = '', to: asked } = await fieldsOf(c)
  const to = wayBack(asked)
  const again = (error: string, status: 400 | 429) => c.html(codePage({ csrf_token, to, pass, error }), status)
  if (!(await isOwnForm(c, server, csrf_token))) return c.redirect(signInPath(to), 303)
  const device = readCookie(c, server, 'device')
  const answer = await signInByCode(server, { ...whence(server, c), pass, code, device }, csrf_token)
  if (!answer) return c.redirect(signInPath(to), 303)
  if (answer.kind === 'wrong') return again('This code is not right, or was used. Type the one that shows now.', 400)
  if (answer.kind === 'wait') return again(waitWords(c, answer.ms), 429)
  return letIn(server, c, answer, to)
}

function letIn(server: Context, c: Page, answer: LetIn, to: string): Response {
  keepSession(server, c, answer)
  return c.redirect(to, 303)
}

async function leave(server: Context, c: Page): Promise<Response> {
  const { session, user } = c.var.signedIn
  await endSession(c.var.context, { id: session.id, user_id: user.id })
  dropCookie(c, server, 'session')
  return c.redirect('/sign-in', 303)
}

/** Another business, or test or real money, for this browser from now on. */
async function turn(c: Page): Promise<Response> {
  const { session, merchant, merchants } = c.var.signedIn
  const { merchant: asked = merchant.id, mode, to } = await fieldsOf(c)
  if (!merchants.some(({ id }) => id === asked)) throw new Problem('not_found', 'There is no such business of yours.')
  const chosen = mode === 'test' || mode === 'live' ? mode : null
  await turnSession(c.var.context, { id: session.id, merchant_id: asked, mode: chosen })
  return c.redirect(wayBack(to), 303)
}

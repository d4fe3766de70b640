import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { raw } from 'hono/html'
import type { Context } from '../context.ts'
import { listMails } from '../mail/mail.ts'
import { Problem } from '../problem.ts'
import type { DeskContext } from './desk-context.ts'
import { letterBody, letterHead, outboxBody } from './outbox-page.ts'
import { entry, show, showError } from './show-page.ts'
import { signedIn } from './signed-in.ts'
import type { SignedInEnvironment } from './signed-in.ts'

const place = '/outbox'

/** `/outbox`: the mail of a business, as it was sent or is kept where there is no SMTP server. For its owners alone. */
export function outboxRoutes(server: Context): Hono<SignedInEnvironment> {
  const routes = new Hono<SignedInEnvironment>()
  routes.use(`${place}/*`, framing, signedIn(server), entry('team:write'))
  routes.get(place, async (c) => {
    const { context, signedIn: reader } = c.var
    const head = {
      title: 'Outbox',
      lead: 'The mail of this business, as its readers have it. Where there is no SMTP server it is kept here.',
    }
    const body = outboxBody(await listMails(context, reader.merchant.id), context.clock.now())
    return show(c, { place, title: 'Outbox', head, body })
  })
  routes.get(`${place}/:id`, async (c) => {
    const mail = await named(c)
    return show(c, { place, title: mail.subject, head: letterHead(mail), body: letterBody(mail) })
  })
  routes.get(`${place}/:id/letter`, async (c) => c.html(raw((await named(c)).body_html)))
  routes.onError((error, c) => showError(server, error, c as DeskContext))
  return routes
}

/** The letter that the address names. @throws a Problem when it is none of the latest of this business. */
async function named(c: DeskContext) {
  const mails = await listMails(c.var.context, c.var.signedIn.merchant.id)
  const mail = mails.find(({ id }) => id === c.req.param('id'))
  if (!mail) throw new Problem('not_found', 'There is no such mail here, or it is older than the latest hundred.')
  return mail
}

/** A letter stands in a frame of our own page, where nothing of it runs and nothing is fetched for it; the page may have that frame. */
const framing: MiddlewareHandler = async (c, next) => {
  await next()
  const isLetter = c.req.path.endsWith('/letter')
  const policy = c.res.headers.get('Content-Security-Policy')
  // Whoever is not signed in is sent away, and has no page.
  if (policy === null) return
  c.header(
    'Content-Security-Policy',
    isLetter
      ? "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'"
      : `${policy}; frame-src 'self'`,
  )
  if (isLetter) c.header('X-Frame-Options', 'SAMEORIGIN')
}

import { parsePhone } from '@lango/daraja'
import { Hono } from 'hono'
import type { Context as HonoContext } from 'hono'
import { compress } from 'hono/compress'
import { raw } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Context } from '../context.ts'
import { isAway } from '../database/outage.ts'
import { showPath } from '../log.ts'
import { askPhone } from '../payments/ask-phone.ts'
import { attemptsOf, retryPayment } from '../payments/attempts.ts'
import { Problem } from '../problem.ts'
import { privatePage } from '../web/headers.ts'
import { chosenLanguage, languageOf, rememberLanguage } from '../web/language.ts'
import { findCheckout, lookAgain, pathOf } from './checkout.ts'
import type { Checkout } from './checkout.ts'
import { tellChanges, versionOf } from './events.ts'
import { innerPage, notFoundPage, script, style, troublePage, wholePage } from './page.ts'
import { attemptToShow, isLive, mayRetry, stateOf } from './state.ts'

type PageContext = HonoContext<{ Variables: { request_id: string } }>

const typedMax = 40

/**
 * The checkout, `/pay/:id`. Whoever has the link may look and pay, and learns nobody's number. It has no sign-in and no session,
 * so there is nothing that another site could make a browser do in somebody's name.
 */
export function checkoutRoutes(server: Context): Hono<{ Variables: { request_id: string } }> {
  const context = { ...server, actor: 'payer' }
  const routes = new Hono<{ Variables: { request_id: string } }>()
  routes.use('/pay/*', compress(), privatePage({ styles: [style], scripts: [script] }))

  /** Answers with the checkout that the link names. One that was tried again leads to the attempt that counts. */
  const at = (answer: (c: PageContext, checkout: Checkout) => Promise<Response>) => async (c: PageContext) => {
    const checkout = await find(context, c)
    if (!checkout) return notFound(c)
    const shown = attemptToShow(checkout)
    return shown.id === checkout.payment.id ? answer(c, checkout) : goTo(c, shown)
  }

  routes.get(
    '/pay/:id',
    at(async (c, checkout) => {
      rememberLanguage(c, { path: '/pay', secure: context.config.publicUrl.startsWith('https:') })
      return show(c, checkout)
    }),
  )

  routes.post(
    '/pay/:id',
    at((c, checkout) => pay(context, c, checkout)),
  )

  routes.post(
    '/pay/:id/again',
    at((c, checkout) => payAgain(context, c, checkout)),
  )

  routes.get('/pay/:id/events', async (c) => {
    const checkout = await find(context, c)
    if (!checkout) return notFound(c)
    const look = async () => {
      const present = await lookAgain(context, checkout)
      return { inner: await innerPage(present), isLive: isLive(present) }
    }
    return tellChanges(context, c, { id: checkout.payment.id, seen: c.req.query('seen'), look })
  })

  routes.all('/pay/*', notFound)
  routes.onError((error, c) => {
    context.log.error({ error, path: showPath(c.req.path) }, 'A page of the checkout failed.')
    const page = troublePage(languageOf(c), {
      path: c.req.path.replace(/\/again$/, ''),
      requestId: c.get('request_id'),
    })
    return c.html(page, error instanceof Problem ? error.status : isAway(error) ? 503 : 500)
  })
  return routes
}

function find(context: Context, c: PageContext): Promise<Checkout | undefined> {
  return findCheckout(context, c.req.param('id') ?? '', { language: languageOf(c), query: queryOf(c) })
}

/** The payer gave a phone: it is asked, or the page says what is wrong with it. */
async function pay(context: Context, c: PageContext, checkout: Checkout): Promise<Response> {
  if (stateOf(checkout.payment) !== 'ask') return goTo(c, checkout.payment)
  const typed = (await fieldOf(c, 'phone')).slice(0, typedMax)
  const phone = parsePhone(typed)
  if (phone) {
    await askPhone(context, checkout.payment, phone)
    return goTo(c, checkout.payment)
  }
  return show(c, { ...checkout, refused: { typed, because: typed.trim() ? 'phone_wrong' : 'phone_missing' } }, 400)
}

/** The payer tries a failed payment again, with the same phone or one that is asked for. */
async function payAgain(context: Context, c: PageContext, checkout: Checkout): Promise<Response> {
  const { payment } = checkout
  if (!mayRetry(checkout)) return goTo(c, payment)
  const phone = (await fieldOf(c, 'phone')) === 'same' ? payment.phone : null
  await retryPayment(context, payment, phone ?? undefined)
  return goTo(c, (await attemptsOf(context, payment)).at(-1)!)
}

async function show(c: PageContext, checkout: Checkout, status: ContentfulStatusCode = 200): Promise<Response> {
  const inner = await innerPage(checkout)
  const events = `${checkout.path}/events?${new URLSearchParams({ lang: checkout.language, seen: versionOf(inner) })}`
  return c.html(wholePage(checkout, raw(inner), isLive(checkout) ? events : undefined), status)
}

async function notFound(c: PageContext): Promise<Response> {
  return c.html(notFoundPage(languageOf(c)), 404)
}

// After a form the browser asks for the page anew, so that a reload sends nothing twice.
function goTo(c: PageContext, payment: { id: string }): Response {
  return c.redirect(pathOf(payment) + queryOf(c), 303)
}

function queryOf(c: PageContext): string {
  const chosen = chosenLanguage(c)
  return chosen ? `?lang=${chosen}` : ''
}

async function fieldOf(c: PageContext, name: string): Promise<string> {
  const form = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>)
  const value = form[name]
  return typeof value === 'string' ? value : ''
}

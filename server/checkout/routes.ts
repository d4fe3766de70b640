import { parsePhone } from '@lango/daraja'
import { Hono } from 'hono'
import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { createThrottle } from '../callbacks/throttle.ts'
import type { Throttle } from '../callbacks/throttle.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { claimMoney, followClaim } from '../money-in/claim.ts'
import { askPhone } from '../payments/ask-phone.ts'
import { attemptsOf } from '../payments/attempts.ts'
import { retryPayment } from '../payments/retry.ts'
import { hastenPaymentOf } from '../payments/hasten.ts'
import { watchPayment } from '../payments/watch.ts'
import { providerOf } from '../providers/provider-of.ts'
import { privatePage } from '../web/headers.ts'
import { languageOf, rememberLanguage } from '../web/language.ts'
import { tellChanges, versionOf } from '../web/tell-changes.ts'
import { billRoutes } from './bill-routes.ts'
import { findCheckout, lookAgain, pathOf } from './checkout.ts'
import type { Checkout } from './checkout.ts'
import { readCode } from './code.ts'
import type { Named } from './code.ts'
import { chosen, fieldsOf, queryOf } from './form.ts'
import type { PageContext, PageEnvironment } from './form.ts'
import {
  billStyle,
  frameScript,
  frameStyle,
  innerPage,
  isAtPage,
  notFoundPage,
  script,
  style,
  unreadablePage,
  wholePage,
} from './page.ts'
import { attemptToShow, isLive, isSettled, mayRetry, stateOf } from './state.ts'
import { askedFor, showTrouble } from './trouble-page.ts'

const typedMax = 40
const looksPerSecond = 1
const smsMax = 400
const formBytesMax = 16 * 1024

/**
 * The checkout, `/pay/:id`. Whoever has the link may look and pay, and learns nobody's number. It has no sign-in and no session,
 * so there is nothing that another site could make a browser do in somebody's name.
 */
export function checkoutRoutes(server: Context): Hono<PageEnvironment> {
  const context = { ...server, actor: 'payer' }
  const routes = new Hono<PageEnvironment>()
  routes.use(
    '/pay/*',
    compress(),
    privatePage({ styles: [style, billStyle, frameStyle], scripts: [script, frameScript] }),
    limitForm(),
  )

  /** Answers with the checkout that the link names. One that was tried again leads to the attempt that counts. */
  const at =
    (answer: (context: Context, c: PageContext, checkout: Checkout) => Promise<Response>) => async (c: PageContext) => {
      const checkout = await find(context, c)
      if (!checkout) return notFound(c)
      const shown = attemptToShow(checkout)
      return shown.id === checkout.payment.id ? answer(context, c, checkout) : goTo(c, shown)
    }

  billRoutes(context, routes)
  routes.get('/pay/:id', at(look))
  routes.post('/pay/:id', at(pay))
  routes.post('/pay/:id/again', at(payAgain))
  routes.get('/pay/:id/code', at(lookForCode))
  routes.post('/pay/:id/code', at(nameCode))
  routes.get('/pay/:id/events', (c) => followChanges(context, c))
  routes.get('/pay/:id/frame', at(sayFramed(createThrottle(looksPerSecond))))
  routes.post('/pay/:id/check', at(checkAgain))

  routes.all('/pay/*', notFound)
  routes.onError((error, c) =>
    showTrouble(context, c, error, c.req.method === 'GET' ? askedFor(c) : pageOf(c) + queryOf(c)),
  )
  return routes
}

/** Refuses, by a page, what is no form of ours for its size alone. */
function limitForm(): MiddlewareHandler {
  const onError = (c: HonoContext) => c.html(unreadablePage(languageOf(c), pageOf(c)), 413)
  const count = bodyLimit({ maxSize: formBytesMax, onError })
  return (c, next) =>
    Number(c.req.header('Content-Length')) > formBytesMax ? Promise.resolve(onError(c)) : count(c, next)
}

function find(context: Context, c: PageContext): Promise<Checkout | undefined> {
  return findCheckout(context, c.req.param('id') ?? '', { language: languageOf(c), query: queryOf(c) })
}

async function look(context: Context, c: PageContext, checkout: Checkout): Promise<Response> {
  rememberLanguage(c, { path: '/pay', secure: context.config.publicUrl.startsWith('https:') })
  await watchPayment(context, checkout.payment)
  return show(c, checkout)
}

/** Says whether the provider's page may stand in a frame of this one; it is looked at no oftener than payers ask. */
function sayFramed(mayLook: Throttle) {
  return async (context: Context, c: PageContext, { payment }: Checkout): Promise<Response> => {
    const { id, provider_checkout_url: page } = payment
    const { mayFrame } = providerOf(context, payment).payments
    const framed = page !== null && mayFrame !== undefined && mayLook(id, context.clock.now())
    return c.json({ framed: framed && (await mayFrame(context, page)) })
  }
}

/** The payer wants to know now: the provider is asked as soon as it may be, and the page tells what it says. */
async function checkAgain(context: Context, c: PageContext, { payment }: Checkout): Promise<Response> {
  await hastenPaymentOf(context, payment)
  return goTo(c, payment)
}

/** The payer gave a phone: it is asked, or the page says what is wrong with it. */
async function pay(context: Context, c: PageContext, checkout: Checkout): Promise<Response> {
  if (stateOf(checkout.payment) !== 'ask') return goTo(c, checkout.payment)
  const typed = (await fieldsOf(c, ['phone'])).phone.slice(0, typedMax)
  const phone = parsePhone(typed)
  if (phone) {
    await askPhone(context, checkout.payment, { phone, language: languageOf(c) })
    return goTo(c, checkout.payment)
  }
  return show(c, { ...checkout, refused: { typed, because: typed.trim() ? 'phone_wrong' : 'phone_missing' } }, 400)
}

/** The payer tries a failed payment again, with the same phone, one that is asked for, or by hand. */
async function payAgain(context: Context, c: PageContext, checkout: Checkout): Promise<Response> {
  const { payment } = checkout
  if (!mayRetry(checkout)) return goTo(c, payment)
  const phone = (await fieldsOf(c, ['phone'])).phone === 'same' ? payment.phone : null
  await retryPayment(context, payment, phone ?? undefined)
  const last = (await attemptsOf(context, payment)).at(-1)!
  // What it was to pay is paid by now, or less of it is left.
  const isOfInvoice = last.id === payment.id && payment.invoice_id !== null
  return isOfInvoice ? c.redirect(`/pay/${showId('inv', payment.invoice_id!)}${queryOf(c)}`, 303) : goTo(c, last)
}

/** Where a payer names the code of what they paid, and sees what is known of it. */
async function lookForCode(context: Context, c: PageContext, checkout: Checkout): Promise<Response> {
  if (isSettled(checkout.payment)) return goTo(c, checkout.payment)
  await watchPayment(context, checkout.payment)
  const named = (await follow(context, checkout, c.req.query('code'))) ?? { typed: '' }
  return named.answer === 'settled' ? goTo(c, checkout.payment) : show(c, { ...checkout, named })
}

/** The payer named a code: it is looked for, or the page says what is wrong with it. */
async function nameCode(context: Context, c: PageContext, checkout: Checkout): Promise<Response> {
  if (isSettled(checkout.payment)) return goTo(c, checkout.payment)
  const typed = (await fieldsOf(c, ['code'])).code.slice(0, smsMax)
  const code = readCode(typed)
  if (!code) return show(c, { ...checkout, named: { typed, wrong: typed.trim() ? 'code_wrong' : 'code_missing' } }, 400)
  const answer = await claimMoney(context, checkout.payment, code)
  if (answer === 'settled') return goTo(c, checkout.payment)
  if (answer === 'too_many') return show(c, { ...checkout, named: { typed: code, answer } }, 429)
  return c.redirect(`${checkout.path}/code?${new URLSearchParams({ code, ...chosen(c) })}`, 303)
}

/** What is known of the code that an address names; the page of a code begins without one. */
async function follow(context: Context, { payment }: Checkout, typed: string | undefined): Promise<Named | undefined> {
  if (typed === undefined) return undefined
  const code = readCode(typed.slice(0, smsMax))
  return code ? { typed: code, answer: await followClaim(context, payment, code) } : { typed: '' }
}

async function followChanges(context: Context, c: PageContext): Promise<Response> {
  const checkout = await find(context, c)
  if (!checkout) return notFound(c)
  const sight = async () => {
    const present = await lookAgain(context, checkout)
    await watchPayment(context, present.payment)
    const named = isSettled(present.payment) ? undefined : await follow(context, present, c.req.query('code'))
    const shown = named?.answer === 'settled' ? await lookAgain(context, checkout) : { ...present, named }
    return { inner: await innerPage(shown), isLive: isLive(shown) }
  }
  return tellChanges(context, c, { id: checkout.payment.id, seen: c.req.query('seen'), look: sight })
}

async function show(c: PageContext, checkout: Checkout, status: ContentfulStatusCode = 200): Promise<Response> {
  const { path, named, refused, brand } = checkout
  if (brand) c.set('own_styles', [brand])
  const { provider_checkout_url: page } = checkout.payment
  if (isAtPage(checkout) && page) c.set('own_frames', ["'self'", new URL(page).origin])
  const inner = await innerPage(checkout)
  const about = { ...chosen(c), ...(named && { code: named.typed }), seen: versionOf(inner) }
  const isFollowed = isLive(checkout) && !refused && !named?.wrong
  const events = isFollowed ? `${path}/events?${new URLSearchParams(about)}` : undefined
  return c.html(wholePage(checkout, inner, events), status)
}

async function notFound(c: PageContext): Promise<Response> {
  return c.html(notFoundPage(languageOf(c)), 404)
}

// After a form the browser asks for the page anew, so that a reload sends nothing twice.
function goTo(c: PageContext, payment: { id: string }): Response {
  return c.redirect(pathOf(payment) + queryOf(c), 303)
}

/** The page that a form belongs to. */
function pageOf(c: HonoContext): string {
  return c.req.path.replace(/\/again$/, '')
}

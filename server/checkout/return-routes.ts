import { Hono } from 'hono'
import type { Context as HonoContext } from 'hono'
import { createThrottle } from '../callbacks/throttle.ts'
import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { parseId } from '../id.ts'
import { findPaymentsById, findPaymentsByProviderRef } from '../payments/find.ts'
import { hastenPaymentOf } from '../payments/hasten.ts'
import type { Payment } from '../payments/payment.ts'
import { peerOf, sourceAddress } from '../source-address.ts'
import { privatePage } from '../web/headers.ts'
import { languageOf } from '../web/language.ts'
import { pathOf } from './checkout.ts'
import type { PageEnvironment } from './form.ts'
import { notFoundPage, numberMissingPage, resultPage, style } from './page.ts'
import type { Result } from './page.ts'
import { showTrouble } from './trouble-page.ts'

const home = '/api/v1/payments/callback'
const looksPerSecond = 5
const processingMs = 2 * 60_000

/**
 * Where a payer's browser comes back to from the provider's own page. It tells nothing of the payment, whatever the address says:
 * it makes the payment due to be asked about, and leads to the page that shows what became of it. Somebody who names the payment by
 * the provider's number, which can be guessed, is shown how it goes and nothing else.
 */
export function returnRoutes(server: Context): Hono<PageEnvironment> {
  const context = { ...server, actor: 'payer' }
  const routes = new Hono<PageEnvironment>()
  const mayLook = createThrottle(looksPerSecond)
  routes.use(`${home}/*`, privatePage({ styles: [style], scripts: [] }))
  for (const way of ['success', 'failure', 'timeout', 'ecitizen-pesaflow'])
    routes.on(['GET', 'POST'], `${home}/${way}`, (c) => comeBack(context, c, mayLook))
  routes.onError(async (error, c) => {
    // What a form named, the address names the next time.
    const { payment = '', number = '' } = await readNames(c)
    if (isInFrame(c)) c.set('is_framed', true)
    const names = new URLSearchParams({ ...(payment && { payment }), ...(number && { invoiceNumber: number }) })
    return showTrouble(context, c, error, `${c.req.path}?${names}`)
  })
  return routes
}

async function comeBack(
  context: Context,
  c: HonoContext<PageEnvironment>,
  mayLook: ReturnType<typeof createThrottle>,
): Promise<Response> {
  const language = languageOf(c)
  const { payment: link, number } = await readNames(c)
  const id = link && parseId('pay', link)
  if (id) {
    const payment = await context.gather(findPaymentsById, id)
    if (!payment) return c.html(notFoundPage(language), 404)
    await hastenPaymentOf(context, payment)
    if (!isInFrame(c)) return c.redirect(pathOf(payment), 303)
    // Around the frame stands the page of the payment, which sees by this answer that its payer has come back.
    c.set('is_framed', true)
    return c.html(resultPage(language, resultOf(payment, context.clock.now())))
  }
  if (!number) return c.html(numberMissingPage(language), 400)
  const address = sourceAddress(peerOf(c), c.req.header('X-Forwarded-For'), context.config.trustedProxies)
  const now = context.clock.now()
  const [payment, ...others] = mayLook(address, now) ? await findPaymentsByProviderRef(context, number) : []
  if (!payment || others.length > 0) return c.html(notFoundPage(language), 404)
  await hastenPaymentOf(context, payment)
  return c.html(resultPage(language, resultOf(payment, now)))
}

const isInFrame = (c: HonoContext) => c.req.header('Sec-Fetch-Dest') === 'iframe'

function resultOf(payment: Payment, now: Date): Result {
  if (payment.status === 'completed') return 'paid'
  if (payment.status === 'failed' || payment.status === 'reversed') return 'failed'
  if (payment.received_cents > 0) return 'part_paid'
  const isAsked = payment.checked_at !== null && payment.checked_at > later(now, -processingMs)
  return isAsked ? 'pending' : 'processing'
}

const numberNames = ['invoiceNumber', 'invoice_number', 'invoice_ref']

/** What an address, or the form that was posted there, names. */
async function readNames(c: HonoContext): Promise<{ payment?: string | undefined; number?: string | undefined }> {
  const form = c.req.method === 'POST' ? await c.req.parseBody().catch(() => ({}) as Record<string, unknown>) : {}
  const field = (name: string) => c.req.query(name) ?? (typeof form[name] === 'string' ? form[name] : undefined)
  const number = numberNames.map(field).find(Boolean)?.trim().toUpperCase()
  return { payment: field('payment'), number: number && /^[A-Z0-9-]{4,40}$/.test(number) ? number : undefined }
}

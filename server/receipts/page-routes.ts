import { Hono } from 'hono'
import type { Context as HonoContext } from 'hono'
import { compress } from 'hono/compress'
import { style as checkoutStyle } from '../checkout/page.ts'
import { askedFor, showTrouble } from '../checkout/trouble-page.ts'
import type { Context } from '../context.ts'
import { parseId } from '../id.ts'
import { logoPath } from '../merchants/logo.ts'
import { findMerchants } from '../merchants/merchant.ts'
import { findPaymentsById } from '../payments/find.ts'
import { brandStyle } from '../web/color.ts'
import { privatePage } from '../web/headers.ts'
import type { OwnStyles } from '../web/headers.ts'
import type { Html } from '../web/html.ts'
import { languageOf, rememberLanguage, speaker } from '../web/language.ts'
import { findReceipt, findReceiptById } from './find.ts'
import { isKey, receiptPath, verifyKey } from './link.ts'
import { issueReceipts } from './issue.ts'
import { receiptPdf } from './pdf.ts'
import { noReceiptPage, receiptPage, style, verifyPage } from './receipt-page.ts'
import type { ReceiptView } from './receipt-page.ts'
import { receiptNumber } from './receipt.ts'
import type { FoundReceipt } from './receipt.ts'
import { words } from './words.ts'

type PageEnvironment = { Variables: { request_id: string } & OwnStyles }
type PageContext = HonoContext<PageEnvironment>

/** Receipts for whoever has the link: `/receipts/:id?k=…`, as a PDF, and the check of one, `/receipts/:id/verify?k=…`. */
export function receiptPages(context: Context): Hono<PageEnvironment> {
  const routes = new Hono<PageEnvironment>()
  for (const place of ['/receipts/*', '/pay/:id/receipt'])
    routes.use(place, compress(), privatePage({ styles: [style, checkoutStyle], scripts: [] }))
  routes.get('/receipts/:file{[^/]+\\.pdf}', (c) => showPdf(context, c))
  routes.get('/receipts/:id', (c) => show(context, c, { keyOf: (one) => one.link_key, page: receiptPage }))
  routes.get('/receipts/:id/verify', (c) => show(context, c, { keyOf: verifyKey, page: verifyPage }))
  // The page of a payment knows of its receipt before there is one.
  routes.get('/pay/:id/receipt', (c) => leadToReceipt(context, c))
  routes.onError((error, c) => showTrouble(context, c, error, askedFor(c)))
  return routes
}

type Shown = { keyOf: (receipt: FoundReceipt) => string; page: (view: ReceiptView) => Html }

async function show(context: Context, c: PageContext, { keyOf, page }: Shown): Promise<Response> {
  const { publicUrl } = context.config
  const key = c.req.query('k') ?? ''
  const receipt = await find(context, c.req.param('id') ?? '')
  if (!receipt || !isKey(key, keyOf(receipt))) return c.html(noReceiptPage(languageOf(c)), 404)
  rememberLanguage(c, { path: '/receipts', secure: publicUrl.startsWith('https:') })
  const language = languageOf(c)
  const [merchant] = await findMerchants(context, [receipt.merchant_id])
  const brand = merchant?.color ? brandStyle(merchant.color) : undefined
  const version = merchant?.logo_version
  if (brand) c.set('own_styles', [brand])
  const view = {
    receipt,
    brand,
    logo: version ? logoPath({ merchant_id: receipt.merchant_id, version }) : undefined,
    language,
    say: speaker(words, language),
    key,
    publicUrl,
  }
  return c.html(page(view))
}

async function showPdf(context: Context, c: PageContext): Promise<Response> {
  const receipt = await find(context, (c.req.param('file') ?? '').replace(/\.pdf$/, ''))
  if (!receipt || !isKey(c.req.query('k') ?? '', receipt.link_key)) return c.html(noReceiptPage(languageOf(c)), 404)
  const body = await receiptPdf(context, receipt, languageOf(c))
  return c.body(new Uint8Array(body), 200, {
    'Content-Type': 'application/pdf',
    'Content-Disposition': `inline; filename="receipt-${receiptNumber(receipt)}.pdf"`,
  })
}

async function find(context: Context, link: string): Promise<FoundReceipt | undefined> {
  const id = parseId('rct', link)
  return id ? findReceiptById(context, id) : undefined
}

/** Whoever has the link of a payment comes to its receipt; one that is due is issued now, so that nobody waits for a sweep. */
async function leadToReceipt(context: Context, c: PageContext): Promise<Response> {
  const id = parseId('pay', c.req.param('id') ?? '')
  const payment = id && (await context.gather(findPaymentsById, id))
  if (!payment) return c.html(noReceiptPage(languageOf(c)), 404)
  if (payment.issue_at) await issueReceipts.run(context)
  const { receipt_id } = (payment.issue_at && (await context.gather(findPaymentsById, payment.id))) || payment
  if (!receipt_id) return c.redirect(`/pay/${c.req.param('id')}`, 303)
  return c.redirect(receiptPath(await findReceipt(context, { merchant_id: payment.merchant_id, id: receipt_id })), 303)
}

import { parsePhone } from '@lango/daraja'
import type { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { dueOf } from '../invoices/invoice.ts'
import { isUsedUp } from '../links/link.ts'
import { Problem } from '../problem.ts'
import { languageOf, rememberLanguage } from '../web/language.ts'
import { qrPicture } from '../web/qr.ts'
import { tellChanges, versionOf } from '../web/tell-changes.ts'
import { begin } from './begin.ts'
import { findBill, isFree } from './bill.ts'
import type { AtPage, InvoiceBill, LinkBill } from './bill.ts'
import { emptyCode, followCode, nameCodeAt } from './bill-code.ts'
import { isUnderWay } from './code.ts'
import type { Named } from './code.ts'
import { readAmount } from './typed-amount.ts'
import { chosen, fieldsOf, queryOf } from './form.ts'
import type { PageContext, PageEnvironment } from './form.ts'
import { payAtPage } from './pay-at-page.ts'
import { innerBill, notFoundPage, wholeBill } from './page.ts'

type AnyBill = InvoiceBill | LinkBill

const typedMax = 40
const smsMax = 400

/** The pages of invoices and of links, `/pay/inv_…` and `/pay/lnk_…`: each begins payments, which have pages of their own. */
export function billRoutes(context: Context, routes: Hono<PageEnvironment>): void {
  const at = (answer: (c: PageContext, bill: AnyBill) => Response | Promise<Response>) => async (c: PageContext) => {
    const bill = await find(context, c)
    return bill ? answer(c, bill) : c.html(notFoundPage(languageOf(c)), 404)
  }
  const named = '/pay/:id{(inv|lnk)_[0-9a-f]{32}}'
  routes.get(
    named,
    at((c, bill) => {
      rememberLanguage(c, { path: '/pay', secure: context.config.publicUrl.startsWith('https:') })
      return show(c, bill)
    }),
  )
  routes.post(
    named,
    at((c, bill) => pay(context, c, bill)),
  )
  routes.get(
    `${named}/code`,
    at((c, bill) => lookForCode(context, c, bill)),
  )
  routes.post(
    `${named}/code`,
    at((c, bill) => nameCode(context, c, bill)),
  )
  routes.get(
    `${named}/events`,
    at((c, bill) => followChanges(context, c, bill)),
  )
  routes.get(
    `${named}/qr.svg`,
    at((c, { path }) =>
      c.body(qrPicture(context.config.publicUrl + path), 200, { 'Content-Type': 'image/svg+xml; charset=utf-8' }),
    ),
  )
}

function find(context: Context, c: PageContext): Promise<AnyBill | undefined> {
  return findBill(context, c.req.param('id') ?? '', { language: languageOf(c), query: queryOf(c) })
}

/** True while one may begin a payment there. */
function isOpen(bill: AnyBill): boolean {
  return bill.kind === 'inv' ? dueOf(bill.invoice) > 0 : bill.link.ended_at === null && !isUsedUp(bill.link)
}

/** The payer said how much, and gave a phone: it is asked, or the page says what is wrong. */
async function pay(context: Context, c: PageContext, bill: AnyBill): Promise<Response> {
  if (!isOpen(bill)) return c.redirect(bill.path + bill.query, 303)
  const fields = await fieldsOf(c, ['phone', 'amount', 'seen', 'by', 'name', 'id_number'])
  if (fields.by === 'page' && bill.atPage) return payThere(context, c, bill, fields)
  const typed = { phone: fields.phone.slice(0, typedMax), amount: fields.amount.slice(0, typedMax) }
  const phone = parsePhone(typed.phone)
  const amount_cents = isFree(bill) ? readAmount(typed.amount, mostOf(bill)) : bill.amount_cents
  const isByHand = fields.by === 'hand'
  const because = {
    ...(!amount_cents && { amount: typed.amount.trim() ? ('amount_wrong' as const) : ('amount_missing' as const) }),
    ...(!phone && !isByHand && { phone: typed.phone.trim() ? ('phone_wrong' as const) : ('phone_missing' as const) }),
  }
  if (!amount_cents || (!phone && !isByHand)) return show(c, { ...bill, refused: { ...typed, because } }, 400)
  const payable = bill.kind === 'inv' ? { kind: bill.kind, bill: bill.invoice } : { kind: bill.kind, bill: bill.link }
  const customer = { language: (bill.kind === 'inv' && bill.invoice.customer_language) || languageOf(c) }
  const wish = { amount_cents, phone: isByHand ? undefined : phone, seen: fields.seen, customer }
  try {
    const id = await begin(context, payable, wish)
    if (id) return c.redirect(`/pay/${showId('pay', id)}${bill.query}`, 303)
    return show(c, { ...bill, refused: { ...typed, because: { phone: 'asked_too_often' } } }, 429)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    // What is owed has changed at this moment: the page says so, and nothing was asked for.
    const present = (await find(context, c)) ?? bill
    return show(
      c,
      { ...present, refused: { ...typed, because: isOpen(present) ? { form: whyNot(bill, error) } : {} } },
      error.status,
    )
  }
}

/** The payer wants to pay at the provider's own page: its page of ours, which opens that at once, is where they are led. */
async function payThere(
  context: Context,
  c: PageContext,
  bill: AnyBill,
  typed: AtPage & { seen: string },
): Promise<Response> {
  try {
    const answer = await payAtPage(context, bill, typed)
    if ('id' in answer) return c.redirect(`/pay/${showId('pay', answer.id)}${bill.query}#pay`, 303)
    return show(c, { ...bill, refusedAtPage: answer.refused }, answer.status)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const present = await find(context, c)
    const { name, id_number, amount } = typed
    const refusedAtPage = { name, id_number, amount, because: { form: whyNot(bill, error) } }
    return show(c, { ...(present ?? bill), refusedAtPage }, error.status)
  }
}

function whyNot(bill: AnyBill, { code }: Problem) {
  return bill.kind === 'lnk' && code === 'conflict' ? ('last_is_begun' as const) : ('cannot_now' as const)
}

/** No more than is owed, or than one payment takes. */
function mostOf({ kind, amount_cents, most_cents }: AnyBill): number {
  return kind === 'inv' ? Math.min(amount_cents, most_cents) : most_cents
}

/** Where a payer names the code of what they paid, and sees what is known of it. */
async function lookForCode(context: Context, c: PageContext, bill: AnyBill): Promise<Response> {
  if (!isOpen(bill)) return c.redirect(bill.path + bill.query, 303)
  const named = await followed(context, c, bill)
  return named?.answer === 'settled'
    ? c.redirect(bill.path + bill.query, 303)
    : show(c, { ...bill, named: named ?? emptyCode(bill) })
}

/** The payer named a code: it is looked for, or the page says what is wrong with it. */
async function nameCode(context: Context, c: PageContext, bill: AnyBill): Promise<Response> {
  if (!isOpen(bill)) return c.redirect(bill.path + bill.query, 303)
  const { code, amount, seen } = await fieldsOf(c, ['code', 'amount', 'seen'])
  const typed = { code: code.slice(0, smsMax), amount: amount.slice(0, typedMax), seen }
  const answer = await nameCodeAt(context, bill, typed)
  if ('named' in answer) return show(c, { ...bill, named: answer.named }, answer.status)
  const to = new URL(answer.to, context.config.publicUrl)
  for (const [name, value] of Object.entries(chosen(c))) to.searchParams.set(name, value)
  return c.redirect(to.pathname + to.search, 303)
}

async function followed(context: Context, c: PageContext, bill: AnyBill): Promise<Named | undefined> {
  const code = c.req.query('code')
  return bill.kind === 'inv' && code !== undefined ? followCode(context, bill, code.slice(0, smsMax)) : undefined
}

function followChanges(context: Context, c: PageContext, bill: AnyBill): Response {
  const id = bill.kind === 'inv' ? bill.invoice.id : bill.link.id
  const look = async () => {
    const named = await followed(context, c, bill)
    const present = (await find(context, c)) ?? bill
    const isNamed = named && named.answer !== 'settled' && isOpen(present)
    return { inner: await innerBill(isNamed ? { ...present, named } : present), isLive: isOpen(present) }
  }
  return tellChanges(context, c, { id, seen: c.req.query('seen'), look })
}

async function show(c: PageContext, bill: AnyBill, status: ContentfulStatusCode = 200): Promise<Response> {
  if (bill.brand) c.set('own_styles', [bill.brand])
  const inner = await innerBill(bill)
  const { named } = bill
  const about = new URLSearchParams({
    ...chosen(c),
    ...(named?.answer && { code: named.typed }),
    seen: versionOf(inner),
  })
  // At a link others pay too: nothing that they do changes what one sees there. And nobody is disturbed while they type.
  const isFollowed =
    bill.kind === 'inv' && isOpen(bill) && !bill.refused && !bill.refusedAtPage && (!named || isUnderWay(named.answer))
  return c.html(wholeBill(bill, inner, isFollowed ? `${bill.path}/events?${about}` : undefined), status)
}

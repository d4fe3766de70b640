import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { listAudit } from '../../access/audit.ts'
import { accountSchema, amountSchema, idSchema, phoneSchema, textSchema } from '../../api/schema.ts'
import { sinceSchema, untilSchema } from '../../api/time.ts'
import { listEvents } from '../../events/event.ts'
import { parseId, showId } from '../../id.ts'
import { createInvoice } from '../../invoices/create.ts'
import { findInvoice, listInvoices, listParts } from '../../invoices/find.ts'
import { invoiceRow } from '../../invoices/invoice.ts'
import type { Invoice } from '../../invoices/invoice.ts'
import { reckon } from '../../invoices/lines.ts'
import type { PricedLine, Totals } from '../../invoices/lines.ts'
import { sendInvoice } from '../../invoices/send.ts'
import { voidInvoice } from '../../invoices/void.ts'
import type { Context } from '../../context.ts'
import { listNamedBeside, listOutsideOf } from '../../outside/find.ts'
import type { OutsidePayment } from '../../outside/outside-payment.ts'
import { listPayments } from '../../payments/find.ts'
import { Problem } from '../../problem.ts'
import { pageHead } from '../../web/page.ts'
import { accountChosen, accountsOf } from '../accounts.ts'
import { asSeen } from '../as-seen.ts'
import { answerForm } from '../answer-form.ts'
import { csvLink } from '../csv.ts'
import type { DeskContext } from '../desk-context.ts'
import { readForm, RefusedForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { downloadFor, isBare, listedFor } from '../listed.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { badgeOf, may } from '../may.ts'
import { namesOf } from '../../people/names.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { findOwingBeside, putCredit } from './credit.ts'
import { invoiceExport } from './export.ts'
import { invoiceBody, invoiceHead } from './invoice-page.ts'
import type { InvoiceView } from './invoice-page.ts'
import { invoiceFilters, invoiceRows } from './list-page.ts'
import { newInvoiceBody } from './new-page.ts'
import { outsidePages } from './outside-routes.ts'
import { storyOf } from './story.ts'
import { invoiceForm, readInvoice } from './typed-invoice.ts'
import { fieldsOf } from '../own-form.ts'
import { passwordAgain, passwordName } from '../step-up.ts'

const place = '/invoices'

const filterParams = {
  status: invoiceRow.shape.status.optional(),
  overdue: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  search: textSchema(100).optional(),
  reference: z.string().max(100).optional(),
  customer_phone: phoneSchema.optional(),
  account: accountSchema.optional(),
  min_amount: amountSchema.optional(),
  max_amount: amountSchema.optional(),
  since: sinceSchema.optional(),
  until: untilSchema.optional(),
}

/** What customers owe, `/invoices`, and each invoice. */
export function invoicePages() {
  return new Hono<SignedInEnvironment>()
    .use(place, entry('totals:read'))
    .use(`${place}/*`, entry('totals:read'))
    .get(place, look)
    .get(`${place}.csv`, entry('totals:read'), download)
    .get(`${place}/new`, entry('invoices:write'), (c) => showNew(c))
    .post(`${place}/new`, entry('invoices:write'), addUp)
    .post(place, entry('invoices:write'), create)
    .get(`${place}/:id`, lookAtOne)
    .post(`${place}/:id/void`, entry('invoices:write'), asSeen(), makeVoid)
    .post(`${place}/:id/send`, entry('invoices:write'), asSeen(), send)
    .post(`${place}/:id/credit`, entry('invoices:write'), asSeen(), credit)
    .route('/', outsidePages(showAgain))
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => invoiceRows(await listedFor(c, invoices)))
  const list = await listedFor(c, invoices)
  const mayMake = may(c.var.signedIn, 'invoices:write')
  return show(c, {
    place,
    title: 'Invoices',
    head: {
      title: 'Invoices',
      lead: 'What customers owe, and what they have paid of it.',
      actions: html`${mayMake ? html`<a class="may firm" href="${place}/new">Make an invoice</a>` : ''}
      ${isBare(list) ? '' : csvLink(place, list.typed)}`,
    },
    body: html`${isBare(list) ? '' : html`<section>${invoiceFilters(list)}</section>`}
    ${await livePart(c, 'invoices', invoiceRows(list))}`,
  })
}

const invoices = { params: filterParams, prefix: 'inv', list: listInvoices } as const

function download(c: DeskContext): Response {
  const { context, signedIn } = c.var
  return downloadFor(c, invoices, { name: 'invoices', columns: invoiceExport(signedIn, context.clock.now()) })
}

async function showNew(
  c: DeskContext,
  refused?: Refused,
  { status = 200, totals }: { status?: number; totals?: Totals } = {},
) {
  const { context, caller, signedIn } = c.var
  const accounts = await accountsOf(context, caller)
  const head = {
    title: 'Make an invoice',
    lead: 'It gets a page at which it is paid, and a reference for the paybill.',
    back: { href: place, name: 'Invoices' },
  }
  const body = newInvoiceBody({ signedIn, accounts, refused, totals, now: context.clock.now() })
  return show(c, { place, title: 'Make an invoice', head, body }, status)
}

/** Adds up what was typed so far, and shows the form with more lines: nothing is kept. */
async function addUp(c: DeskContext): Promise<Response> {
  const typed = await fieldsOf(c)
  try {
    const request = readInvoice(typed)
    const totals = reckon(pricedLines(request), { taxIncluded: request.tax_included })
    return showNew(c, { form: invoiceForm, typed, wrong: {} }, { totals })
  } catch (error) {
    if (!(error instanceof RefusedForm)) throw error
    return showNew(c, error.refused, { status: 400 })
  }
}

async function create(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const typed: Record<string, string> = { lines: '', instalments: '', account: '', ...(await fieldsOf(c)) }
  return answerForm(c, {
    form: invoiceForm,
    typed,
    work: async () => {
      const { currency: _, ...request } = readInvoice(typed)
      const { id: account, provider } = accountChosen(await accountsOf(context, caller), request.account)
      const { made } = (await createInvoice(context, {
        ...request,
        provider,
        account,
        lines: pricedLines(request),
        merchant_id,
        mode,
      })) as { made: Invoice }
      return goOn(c, `${pathOf(made)}?done=invoiced`)
    },
    again: (refused, status) => showNew(c, refused, { status }),
  })
}

function pricedLines({ lines }: Pick<ReturnType<typeof readInvoice>, 'lines'>): PricedLine[] {
  return lines.map(({ description, quantity, unit_amount, tax_rate }) => ({
    description,
    quantity_thousandths: quantity,
    unit_cents: unit_amount,
    tax_rate_points: tax_rate,
  }))
}

function pathOf({ id }: Pick<Invoice, 'id'>): string {
  return `${place}/${showId('inv', id)}`
}

async function lookAtOne(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => inner(await viewOf(c, { invoice: await named(c) })))
  return showOne(c)
}

async function showOne(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const view = await viewOf(c, { invoice: await named(c), refused })
  const body = refused ? inner(view) : await livePart(c, 'invoice', inner(view))
  return show(c, { place, title: view.invoice.reference, body }, status)
}

function inner(view: InvoiceView) {
  return html`${pageHead(invoiceHead(view), badgeOf(view.signedIn))} ${invoiceBody(view)}`
}

/** The page of an invoice, wherever it was left, with what was refused. */
async function showAgain(c: DeskContext, id: string, refused: Refused, status: number): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const view = await viewOf(c, { invoice: await findInvoice(context, { merchant_id, mode, id }), refused })
  return show(c, { place, title: view.invoice.reference, body: inner(view) }, status)
}

/** The invoice that the address names. @throws a Problem when there is none of this business. */
function named(c: DeskContext): Promise<Invoice> {
  const { context, caller } = c.var
  const id = parseId('inv', c.req.param('id') ?? '')
  if (!id) throw new Problem('not_found', 'There is no such invoice here.')
  return findInvoice(context, { merchant_id: caller.merchant_id, mode: caller.mode, id })
}

async function viewOf(
  c: DeskContext,
  { invoice, refused }: { invoice: Invoice; refused?: Refused | undefined },
): Promise<InvoiceView> {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const whose = { merchant_id, mode, limit: 100 }
  const searched = (c.req.query('find') ?? '').trim().slice(0, 100)
  const [accounts, parts, payments, events, audit, owing, outside] = await Promise.all([
    accountsOf(context, caller),
    listParts(context, invoice),
    listPayments(context, { ...whose, filter: { invoice_id: invoice.id } }),
    listEvents(context, { ...whose, filter: { subject_id: invoice.id } }),
    listAudit(context, { merchant_id, filter: { subject: showId('inv', invoice.id) }, limit: 100 }),
    findOwingBeside(context, { invoice, search: searched, mode }),
    findOutsideOf(context, invoice),
  ])
  const nameOf = await namesOf(context, [...audit.rows.map(({ actor }) => actor), ...outside.flatMap(namedIn)])
  return {
    context,
    signedIn,
    invoice,
    account: accounts.find(({ id }) => id === showId('acc', invoice.provider_account_id)),
    parts,
    payments: payments.rows,
    outside,
    nameOf,
    password: (id) => passwordAgain(context, { id, error: refused?.wrong[passwordName] }),
    steps: storyOf(invoice, { audit: audit.rows, events: events.rows, nameOf }),
    owing,
    searched,
    refused,
    now: context.clock.now(),
  }
}

/** What was paid for an invoice elsewhere, each with where else its reference was named. */
async function findOutsideOf(context: Context, invoice: Invoice): Promise<InvoiceView['outside']> {
  const outside = await listOutsideOf(context, invoice)
  return Promise.all(outside.map(async (one) => ({ ...one, beside: await listNamedBeside(context, one) })))
}

const namedIn = ({ created_by, decided_by, withdrawn_by }: OutsidePayment) =>
  [created_by, decided_by, withdrawn_by].filter((actor) => actor !== null)

async function makeVoid(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const { id } = await named(c)
  return answerForm(c, {
    form: 'void',
    work: async () => {
      await voidInvoice(context, { merchant_id, mode, id })
      return goOn(c, `${pathOf({ id })}?done=voided`)
    },
    again: (refused, status) => showOne(c, refused, status),
  })
}

async function send(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const { id } = await named(c)
  return answerForm(c, {
    form: 'send',
    work: async () => {
      await sendInvoice(context, { merchant_id, mode, id })
      return goOn(c, `${pathOf({ id })}?done=posted`)
    },
    again: (refused, status) => showOne(c, refused, status),
  })
}

async function credit(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const from = await named(c)
  return answerForm(c, {
    form: 'credit',
    work: async () => {
      const { value } = await readForm(c, 'credit', z.object({ to: idSchema('inv') }))
      await putCredit(context, caller, { from, to_id: value.to })
      return goOn(c, `${pathOf({ id: value.to })}?done=credited`)
    },
    again: ({ wrong, ...refused }, status) =>
      showOne(c, { ...refused, wrong: {}, message: Object.values(wrong)[0] ?? refused.message ?? '' }, status),
  })
}

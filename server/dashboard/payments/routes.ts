import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { accountOf } from '../../accounts/find.ts'
import { amountSchema, idSchema, textSchema } from '../../api/schema.ts'
import type { Context } from '../../context.ts'
import { listEvents } from '../../events/event.ts'
import { listEvidence } from '../../evidence/list.ts'
import { parseId, showId } from '../../id.ts'
import { listMoney } from '../../money-in/find.ts'
import { attemptsOf } from '../../payments/attempts.ts'
import { checkNow } from '../../payments/check.ts'
import { paymentFilterParams } from '../../payments/filter.ts'
import { findPayment, listPayments } from '../../payments/find.ts'
import type { Payment } from '../../payments/payment.ts'
import { watchPayment } from '../../payments/watch.ts'
import { Problem } from '../../problem.ts'
import { answerForm } from '../answer-form.ts'
import { asSeen } from '../as-seen.ts'
import { badgeOf } from '../may.ts'
import { pageHead } from '../../web/page.ts'
import { createRefund } from '../../refunds/create.ts'
import { listRefunds } from '../../refunds/find.ts'
import { attemptsAtTelling } from '../../webhooks/attempts-at.ts'
import { redeliverEvent } from '../../webhooks/redeliver.ts'
import { accountsOf } from '../accounts.ts'
import { csvLink } from '../csv.ts'
import { readForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { downloadFor, isBare, listedFor } from '../listed.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { paymentExport } from './export.ts'
import { paymentFilters, paymentRows } from './list-page.ts'
import type { PaymentList } from './list-page.ts'
import { paymentBody, paymentHead } from './payment-page.ts'
import type { PaymentView } from './payment-page.ts'

/** The payments, `/payments`, and each of them. */
export function paymentPages() {
  return new Hono<SignedInEnvironment>()
    .use('/payments', entry('totals:read'))
    .use('/payments/*', entry('totals:read'))
    .get('/payments', look)
    .get('/payments.csv', entry('totals:read'), download)
    .get('/payments/:id', lookAtOne)
    .post('/payments/:id/check', entry('payments:write'), check)
    .post('/payments/:id/refund', entry('refunds:write'), asSeen(), refund)
    .post('/payments/:id/tell', entry('webhooks:write'), tell)
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => paymentRows(await listOf(c)))
  const list = await listOf(c)
  return show(c, {
    place: '/payments',
    title: 'Payments',
    head: { title: 'Payments', ...(!isBare(list) && { actions: csvLink('/payments', list.typed) }) },
    body: html`${isBare(list) ? '' : html`<section>${paymentFilters(list)}</section>`}
    ${await livePart(c, 'payments', paymentRows(list))}`,
  })
}

// An account that was taken away meanwhile has no payments to show.
const payments = {
  params: paymentFilterParams,
  prefix: 'pay',
  list: (context: Context, listing: Parameters<typeof listPayments>[1]) =>
    listPayments(context, listing).catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'not_found') return { rows: [], hasMore: false }
      throw error
    }),
} as const

async function listOf(c: DeskContext): Promise<PaymentList> {
  const [list, accounts] = await Promise.all([listedFor(c, payments), accountsOf(c.var.context, c.var.caller)])
  return { ...list, accounts }
}

function download(c: DeskContext): Response {
  return downloadFor(c, payments, { name: 'payments', columns: paymentExport(c.var.signedIn) })
}

async function lookAtOne(c: DeskContext): Promise<Response> {
  const payment = await named(c)
  if (isFollowing(c)) return tellPart(c, async () => inner(await viewOf(c, await named(c))))
  await watchPayment(c.var.context, payment)
  return showOne(c, payment)
}

async function showOne(
  c: DeskContext,
  payment: Payment,
  { refused, status }: { refused?: Refused; status?: number } = {},
): Promise<Response> {
  const view = await viewOf(c, payment, refused)
  const page = {
    place: '/payments',
    title: payment.provider_receipt ?? payment.sent_reference,
    body: refused ? inner(view) : await livePart(c, 'payment', inner(view)),
  }
  return show(c, page, status)
}

function inner(view: PaymentView) {
  return html`${pageHead(paymentHead(view), badgeOf(view.signedIn))} ${paymentBody(view)}`
}

/** The payment that the address names. @throws a Problem when there is none of this business. */
function named(c: DeskContext): Promise<Payment> {
  const { context, caller } = c.var
  const id = parseId('pay', c.req.param('id') ?? '')
  if (!id) throw new Problem('not_found', 'There is no such payment here.')
  return findPayment(context, { merchant_id: caller.merchant_id, mode: caller.mode, id })
}

async function viewOf(c: DeskContext, payment: Payment, refused?: Refused): Promise<PaymentView> {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const whose = { merchant_id, mode, limit: 100 }
  const [account, evidence, events, tellings, money, refunds, attempts] = await Promise.all([
    accountOf(context, payment),
    listEvidence(context, payment),
    listEvents(context, { ...whose, filter: { subject_id: payment.id } }),
    attemptsAtTelling(context, { merchant_id, mode, subject_id: payment.id }),
    listMoney(context, { ...whose, filter: { payment_id: payment.id } }),
    listRefunds(context, { ...whose, filter: { payment_id: payment.id } }),
    attemptsOf(context, payment),
  ])
  const lists = { events: events.rows, money: money.rows, refunds: refunds.rows }
  return { signedIn, payment, account, evidence, tellings, attempts, ...lists, refused, now: context.clock.now() }
}

function pathOf({ id }: Pick<Payment, 'id'>): string {
  return `/payments/${showId('pay', id)}`
}

const again = (c: DeskContext) => async (refused: Refused, status: number) =>
  showOne(c, await named(c), { refused, status })

async function check(c: DeskContext): Promise<Response> {
  const payment = await named(c)
  return answerForm(c, {
    form: 'check',
    again: again(c),
    async work() {
      await checkNow(c.var.context, payment)
      return goOn(c, `${pathOf(payment)}?done=checked`)
    },
  })
}

const refundForm = z.object({ amount: amountSchema, reason: textSchema(200).optional() })

async function refund(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const payment = await named(c)
  return answerForm(c, {
    form: 'refund',
    again: again(c),
    async work() {
      const { value } = await readForm(c, 'refund', refundForm)
      await createRefund(context, {
        merchant_id,
        mode,
        payment_id: payment.id,
        amount_cents: value.amount,
        ...(value.reason && { reason: value.reason }),
        origin: 'dashboard',
      })
      return goOn(c, `${pathOf(payment)}?done=refunded`)
    },
  })
}

async function tell(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const payment = await named(c)
  return answerForm(c, {
    form: 'tell',
    again: again(c),
    async work() {
      const { value } = await readForm(c, 'tell', z.object({ event: idSchema('evt') }))
      await redeliverEvent(context, { merchant_id, mode, id: value.event })
      return goOn(c, `${pathOf(payment)}?done=told`)
    },
  })
}

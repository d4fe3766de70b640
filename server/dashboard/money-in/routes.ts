import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { listAudit } from '../../access/audit.ts'
import { amountSchema, idSchema, receiptSchema, textSchema } from '../../api/schema.ts'
import { later } from '../../clock.ts'
import { dayMs } from '../../day.ts'
import { showId } from '../../id.ts'
import { assignMoney } from '../../money-in/assign.ts'
import { moneyFilterParams } from '../../money-in/filter.ts'
import { findCandidatesOf, findMoney, listMoney } from '../../money-in/find.ts'
import type { MoneyIn } from '../../money-in/money-in.ts'
import { listPayments } from '../../payments/find.ts'
import type { Payment } from '../../payments/payment.ts'
import { Problem } from '../../problem.ts'
import { listRefunds } from '../../refunds/find.ts'
import { refundMoney } from '../../refunds/refund-money.ts'
import { pageHead } from '../../web/page.ts'
import { accountsOf } from '../accounts.ts'
import { answerForm } from '../answer-form.ts'
import { asSeen } from '../as-seen.ts'
import { csvLink } from '../csv.ts'
import { badgeOf, environmentOf } from '../may.ts'
import { readForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { downloadFor, isBare, listedFor } from '../listed.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { namesOf } from '../../people/names.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { moneyExport } from './export.ts'
import { moneyFilters, moneyRows } from './list-page.ts'
import { moneyBody, moneyHead } from './money-page.ts'
import type { MoneyView } from './money-page.ts'

/** As far back as a payment is thought of for money without being searched for. */
const lately = 7 * dayMs
const candidatesShown = 8

/** What came, `/money-in`, and each receipt. */
export function moneyPages() {
  return new Hono<SignedInEnvironment>()
    .use('/money-in', entry('totals:read'))
    .use('/money-in/*', entry('totals:read'))
    .get('/money-in', look)
    .get('/money-in.csv', entry('totals:read'), download)
    .get('/money-in/:receipt', lookAtOne)
    .post('/money-in/:receipt/assign', entry('payments:write'), asSeen(), assign)
    .post('/money-in/:receipt/refund', entry('refunds:write'), asSeen(), refund)
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => moneyRows(await listedFor(c, moneyIn)))
  const list = await listedFor(c, moneyIn)
  return show(c, {
    place: '/money-in',
    title: 'Money in',
    head: {
      title: 'Money in',
      lead: 'One line for each M-Pesa code.',
      ...(!isBare(list) && { actions: csvLink('/money-in', list.typed) }),
    },
    body: html`${isBare(list) ? '' : html`<section>${moneyFilters(list)}</section>`}
    ${await livePart(c, 'money', moneyRows(list))}`,
  })
}

const moneyIn = { params: moneyFilterParams, prefix: 'min', list: listMoney } as const

function download(c: DeskContext): Response {
  return downloadFor(c, moneyIn, { name: 'money-in', columns: moneyExport(c.var.signedIn) })
}

async function lookAtOne(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => inner(await viewOf(c)))
  return showOne(c)
}

async function showOne(c: DeskContext, refused?: Refused, status?: number): Promise<Response> {
  const view = await viewOf(c, refused)
  const body = refused ? inner(view) : await livePart(c, 'money', inner(view))
  return show(c, { place: '/money-in', title: view.money.receipt, body }, status)
}

function inner(view: MoneyView) {
  return html`${pageHead(moneyHead(view), badgeOf(view.signedIn))} ${moneyBody(view)}`
}

/** The money of the receipt in the address. @throws a Problem when none of this business has come with it. */
function named(c: DeskContext): Promise<MoneyIn> {
  const { context, caller } = c.var
  const receipt = receiptSchema.safeParse(c.req.param('receipt') ?? '')
  if (!receipt.success) throw new Problem('not_found', 'No money came with this code.')
  const environment = environmentOf(c.var.signedIn).environment ?? ''
  return findMoney(context, { merchant_id: caller.merchant_id, mode: caller.mode, receipt: receipt.data, environment })
}

async function viewOf(c: DeskContext, refused?: Refused): Promise<MoneyView> {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const money = await named(c)
  const searched = (c.req.query('find') ?? '').trim().slice(0, 100)
  const [accounts, candidates, refunds, given] = await Promise.all([
    accountsOf(context, caller),
    candidatesFor(c, money, searched),
    listRefunds(context, { merchant_id, mode, filter: { payment_receipt: money.receipt }, limit: 100 }),
    whoGave(c, money),
  ])
  const account = accounts.find(({ id }) => id === showId('acc', money.provider_account_id))
  return {
    signedIn,
    money,
    account,
    candidates,
    searched,
    refunds: refunds.rows,
    given,
    refused,
    now: context.clock.now(),
  }
}

/** Who gave money to its payment, where a person did. */
async function whoGave(c: DeskContext, { payment_id, receipt }: MoneyIn): Promise<MoneyView['given']> {
  if (!payment_id) return undefined
  const { context, caller } = c.var
  const filter = { action: 'money.assigned', subject: receipt }
  const { rows } = await listAudit(context, { merchant_id: caller.merchant_id, filter, limit: 1 })
  const [last] = rows
  return last && { by: (await namesOf(context, [last.actor]))(last.actor), at: last.at }
}

/** The payments that money could be meant for: of its very amount, and open. */
async function candidatesFor(c: DeskContext, money: MoneyIn, search: string): Promise<Payment[]> {
  if (money.payment_id) return []
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const { id, amount_cents, environment, created_at } = money
  const [named, searched] = await Promise.all([
    findCandidatesOf(context, { merchant_id, ids: [id] }),
    listPayments(context, {
      merchant_id,
      mode,
      limit: 50,
      filter: {
        environment,
        min_amount: amount_cents,
        max_amount: amount_cents,
        ...(search ? { search } : { since: later(created_at, -lately) }),
      },
    }),
  ])
  const open = searched.rows.filter(
    ({ status, provider_receipt }) => status !== 'reversed' && !(status === 'completed' && provider_receipt),
  )
  const all = [...(search ? [] : (named.get(id) ?? [])), ...open]
  return [...new Map(all.map((payment) => [payment.id, payment])).values()].slice(0, candidatesShown)
}

const again = (c: DeskContext) => (refused: Refused, status: number) => showOne(c, refused, status)

async function assign(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const { receipt } = await named(c)
  return answerForm(c, {
    form: 'assign',
    again: again(c),
    async work() {
      const { value } = await readForm(c, 'assign', z.object({ payment: idSchema('pay') }))
      await assignMoney(context, { merchant_id, mode, receipt, payment_id: value.payment })
      return goOn(c, `/payments/${showId('pay', value.payment)}?done=assigned`)
    },
  })
}

const refundForm = z.object({ amount: amountSchema, reason: textSchema(200).optional() })

async function refund(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const { receipt } = await named(c)
  return answerForm(c, {
    form: 'refund',
    again: again(c),
    async work() {
      const { value } = await readForm(c, 'refund', refundForm)
      await refundMoney(context, {
        merchant_id,
        mode,
        receipt,
        amount_cents: value.amount,
        ...(value.reason && { reason: value.reason }),
        origin: 'dashboard',
      })
      return goOn(c, `/money-in/${receipt}?done=refunded`)
    },
  })
}

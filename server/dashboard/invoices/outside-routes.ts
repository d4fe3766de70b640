import { Hono } from 'hono'
import { z } from 'zod'
import { amountSchema, textSchema } from '../../api/schema.ts'
import { daySchema } from '../../api/time.ts'
import { parseId, showId } from '../../id.ts'
import { approveOutsidePayment, rejectOutsidePayment, withdrawOutsidePayment } from '../../outside/decide.ts'
import { findOutsidePayment } from '../../outside/find.ts'
import { methods } from '../../outside/outside-payment.ts'
import type { OutsidePayment } from '../../outside/outside-payment.ts'
import { recordOutsidePayment } from '../../outside/record.ts'
import { Problem } from '../../problem.ts'
import { answerForm } from '../answer-form.ts'
import type { DeskContext } from '../desk-context.ts'
import { readForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { fieldsOf } from '../own-form.ts'
import { entry, goOn } from '../show-page.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { confirmAgain, passwordName } from '../step-up.ts'

/** Shows the page of an invoice again, with what was refused. */
export type ShowInvoice = (c: DeskContext, invoice_id: string, refused: Refused, status: number) => Promise<Response>

const path = '/outside-payments/:id'

/** What was paid for invoices elsewhere: recorded at the page of the invoice, and decided on there. */
export function outsidePages(showInvoice: ShowInvoice) {
  const decides = (decide: (c: DeskContext, row: OutsidePayment) => Promise<string>, form: string) => {
    return async (c: DeskContext): Promise<Response> => {
      const row = await named(c)
      const outside = showId('out', row.id)
      return answerForm(c, {
        form,
        typed: { reason: '', notes: '', [passwordName]: '', ...(await fieldsOf(c)) },
        again: (refused, status) =>
          showInvoice(c, row.invoice_id, { ...refused, typed: { ...refused.typed, outside } }, status),
        async work() {
          const done = await decide(c, row)
          return goOn(c, `/invoices/${showId('inv', row.invoice_id)}?done=${done}`)
        },
      })
    }
  }
  return new Hono<SignedInEnvironment>()
    .use('/outside-payments/*', entry('totals:read'))
    .get(path, lead)
    .post('/invoices/:id/outside-payments', entry('invoices:write'), (c) => record(c, showInvoice))
    .post(`${path}/approve`, entry('invoices:write'), entry('reconciliation:write'), decides(approve, 'approve'))
    .post(`${path}/reject`, entry('invoices:write'), decides(reject, 'reject'))
    .post(`${path}/withdraw`, entry('invoices:write'), entry('reconciliation:write'), decides(withdraw, 'withdraw'))
}

/** To the invoice, at whose page it stands. */
async function lead(c: DeskContext): Promise<Response> {
  const { id, invoice_id } = await named(c)
  return c.redirect(`/invoices/${showId('inv', invoice_id)}#${showId('out', id)}`)
}

function named(c: DeskContext): Promise<OutsidePayment> {
  const { context, caller } = c.var
  const id = parseId('out', c.req.param('id') ?? '')
  if (!id) throw new Problem('not_found', 'There is no such payment made elsewhere here.')
  return findOutsidePayment(context, { merchant_id: caller.merchant_id, mode: caller.mode, id })
}

const recording = z.object({
  amount: amountSchema.optional(),
  method: z.enum(methods),
  alternate_reference: textSchema(80),
  paid_on: daySchema('The day of payment').optional(),
  notes: textSchema(1_000),
})

async function record(c: DeskContext, showInvoice: ShowInvoice): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const invoice_id = parseId('inv', c.req.param('id') ?? '')
  if (!invoice_id) throw new Problem('not_found', 'There is no such invoice here.')
  return answerForm(c, {
    form: 'outside',
    again: (refused, status) => showInvoice(c, invoice_id, refused, status),
    async work() {
      const { amount: amount_cents, ...said } = (await readForm(c, 'outside', recording)).value
      await recordOutsidePayment(context, { ...said, amount_cents, invoice_id, merchant_id, mode })
      return goOn(c, `/invoices/${showId('inv', invoice_id)}?done=recorded`)
    },
  })
}

async function approve(c: DeskContext, { merchant_id, id }: OutsidePayment): Promise<string> {
  await confirmAgain(c)
  await approveOutsidePayment(c.var.context, { merchant_id, mode: c.var.caller.mode, id })
  return 'agreed'
}

async function reject(c: DeskContext, { merchant_id, id }: OutsidePayment): Promise<string> {
  const { value } = await readForm(c, 'reject', z.object({ reason: textSchema(1_000).optional() }))
  await rejectOutsidePayment(c.var.context, { merchant_id, mode: c.var.caller.mode, id }, value.reason)
  return 'outside_rejected'
}

async function withdraw(c: DeskContext, { merchant_id, id }: OutsidePayment): Promise<string> {
  const { value } = await readForm(c, 'withdraw', z.object({ notes: textSchema(1_000) }))
  await confirmAgain(c)
  await withdrawOutsidePayment(c.var.context, { merchant_id, mode: c.var.caller.mode, id }, value.notes)
  return 'withdrawn'
}

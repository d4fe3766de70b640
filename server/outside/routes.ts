import { createRoute, z } from '@hono/zod-openapi'
import { answerCreated, repeatableHeaders } from '../api/answer-created.ts'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { amountSchema, body, idParam, idSchema, optional, optionalBody, textSchema } from '../api/schema.ts'
import { daySchema, sinceSchema, untilSchema } from '../api/time.ts'
import { approveOutsidePayment, rejectOutsidePayment, withdrawOutsidePayment } from './decide.ts'
import { findOutsidePayment, listOutsidePayments } from './find.ts'
import { methods, outsidePaymentRow, outsidePaymentSchema, presentOutsidePayment } from './outside-payment.ts'
import { recordOutsidePayment } from './record.ts'

const tags = ['Invoices']
const shown = outsidePaymentSchema.openapi('OutsidePayment')

/** What a person says of a payment that was made elsewhere. */
const outsideRequest = z
  .strictObject({
    amount: optional(amountSchema).openapi({ description: 'All that is left to pay where none is given.' }),
    method: z.enum(methods),
    alternate_reference: textSchema(80).openapi({
      description: 'What proves it there: the number of a slip, of a cheque, of another bill at eCitizen.',
      example: 'KCB slip 0093817',
    }),
    paid_on: optional(daySchema('The day of payment')),
    notes: textSchema(1_000).openapi({
      description: 'Who saw what, for the second person.',
      example: 'Paid at the county cash office; receipt seen and copied to the file.',
    }),
  })
  .openapi('OutsidePaymentRequest')

const record = createRoute({
  method: 'post',
  path: '/invoices/{id}/outside-payments',
  tags,
  summary: 'Record that an invoice was paid elsewhere',
  description:
    'At a counter, by bank, at eCitizen under another reference: where no provider of yours tells of it. Nothing is paid by this request: a second person must agree. It is never money in, and no provider is asked about it. A reference that is the receipt of money in the books is refused: that is assigned.',
  middleware: needs('invoices:write'),
  request: { headers: repeatableHeaders, params: idParam('inv'), body: body(outsideRequest) },
  responses: { 201: success(shown, 'It waits for a second person'), ...failures },
})

const list = createRoute({
  method: 'get',
  path: '/outside-payments',
  tags,
  summary: 'List what was paid elsewhere, newest first',
  description: 'With every filter given, all must hold. alternate_reference is compared however it is typed.',
  middleware: needs('invoices:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      status: outsidePaymentRow.shape.status.optional(),
      invoice_id: idSchema('inv').optional(),
      alternate_reference: textSchema(80).optional(),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
    }),
  },
  responses: { 200: page(shown, 'A page of what was paid elsewhere'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/outside-payments/{id}',
  tags,
  summary: 'One payment that was made elsewhere',
  description: 'As it now is: who recorded it, who agreed, and why.',
  middleware: needs('invoices:read'),
  request: { params: idParam('out') },
  responses: { 200: success(shown, 'What was paid elsewhere'), ...failures },
})

const approve = createRoute({
  method: 'post',
  path: '/outside-payments/{id}/approve',
  tags,
  summary: 'Agree that an invoice was paid elsewhere',
  description:
    "From now on it counts, and invoice.paid or invoice.part_paid is told. Whoever agrees is not who recorded it: another person, with a key that the first one's key did not make.",
  middleware: [needs('invoices:write'), needs('reconciliation:write')] as const,
  request: { params: idParam('out') },
  responses: { 200: success(shown, 'It counts'), ...failures },
})

const reject = createRoute({
  method: 'post',
  path: '/outside-payments/{id}/reject',
  tags,
  summary: 'Reject what was recorded as paid elsewhere',
  description: 'It pays nothing. Whoever recorded it may take it back so.',
  middleware: needs('invoices:write'),
  request: {
    params: idParam('out'),
    body: optionalBody(z.strictObject({ reason: optional(textSchema(1_000)) }).openapi('OutsideRejection')),
  },
  responses: { 200: success(shown, 'It pays nothing'), ...failures },
})

const withdraw = createRoute({
  method: 'post',
  path: '/outside-payments/{id}/withdraw',
  tags,
  summary: 'Withdraw what two people agreed was paid elsewhere',
  description:
    'A cheque that was not honoured, the slip of somebody else. The invoice owes it again: invoice.reopened is told.',
  middleware: [needs('invoices:write'), needs('reconciliation:write')] as const,
  request: {
    params: idParam('out'),
    body: body(z.strictObject({ notes: textSchema(1_000) }).openapi('OutsideWithdrawal')),
  },
  responses: { 200: success(shown, 'It counts no longer'), ...failures },
})

/** What was paid elsewhere, over HTTP. */
export function outsideRoutes() {
  return createRoutes()
    .openapi(record, (c) => {
      const { context, caller } = c.var
      const { merchant_id, mode } = caller
      const { id: invoice_id } = c.req.valid('param')
      const { amount: amount_cents, ...input } = c.req.valid('json')
      return answerCreated(c, 'POST /v1/invoices/{id}/outside-payments', {
        create: (idempotency) =>
          recordOutsidePayment(context, { ...input, invoice_id, amount_cents, merchant_id, mode, idempotency }),
        show: presentOutsidePayment,
        request: { invoice_id, ...c.req.valid('json') },
      })
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listOutsidePayments(context, { ...caller, ...readListing('out', c.req.valid('query')) })
      return c.json(pageOf('out', found, presentOutsidePayment), 200)
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      const row = await findOutsidePayment(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentOutsidePayment(row)), 200)
    })
    .openapi(approve, async (c) => {
      const { context, caller } = c.var
      const row = await approveOutsidePayment(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentOutsidePayment(row)), 200)
    })
    .openapi(reject, async (c) => {
      const { context, caller } = c.var
      const { reason } = c.req.valid('json')
      const row = await rejectOutsidePayment(context, { ...caller, ...c.req.valid('param') }, reason)
      return c.json(succeeded(presentOutsidePayment(row)), 200)
    })
    .openapi(withdraw, async (c) => {
      const { context, caller } = c.var
      const { notes } = c.req.valid('json')
      const row = await withdrawOutsidePayment(context, { ...caller, ...c.req.valid('param') }, notes)
      return c.json(succeeded(presentOutsidePayment(row)), 200)
    })
}

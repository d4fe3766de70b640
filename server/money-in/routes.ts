import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { amountSchema, body, idSchema, optional, receiptSchema } from '../api/schema.ts'
import { assignToInvoices } from './assign-to-invoices.ts'
import { assignMoney } from './assign.ts'
import { moneyFilterParams } from './filter.ts'
import { listMoney } from './find.ts'
import { moneySchema, presentMoney } from './money-in.ts'

const tags = ['Money in']

const list = createRoute({
  method: 'get',
  path: '/money-in',
  tags,
  summary: 'List what arrived, newest first',
  description: 'One row for each receipt of the provider. With unmatched=true, the money that no payment explains.',
  middleware: needs('payments:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      ...moneyFilterParams,
    }),
  },
  responses: { 200: page(moneySchema, 'A page of money in'), ...failures },
})

const part = z.strictObject({
  invoice_id: idSchema('inv'),
  amount: optional(amountSchema).openapi({
    description: 'What this invoice is to have of the money. One that is named alone may leave it out, and has all.',
  }),
})

const assignment = z
  .strictObject({
    payment_id: optional(idSchema('pay')),
    invoices: optional(z.array(part).min(1, 'Name an invoice at least').max(50, 'Name at most 50 invoices at once')),
  })
  .refine(({ payment_id, invoices }) => (payment_id === undefined) !== (invoices === undefined), {
    message: 'Give either payment_id or invoices: money belongs to a payment that was asked for, or is put to invoices',
  })
  .openapi('Assignment', { example: { payment_id: 'pay_0193a6c177b27d0e8f21c4d5e6f70812' } })

const assign = createRoute({
  method: 'post',
  path: '/money-in/{receipt}/assign',
  tags,
  summary: 'Give money to a payment, or put it to invoices',
  description:
    'To a payment: the amounts must agree, and it completes the payment, also one that failed. To invoices: each amount is what the invoice is to have of this money in all; what is over at others may be given away so. Safe to repeat. To send the money back instead, refund it.',
  middleware: needs('payments:write'),
  request: {
    params: z.strictObject({ receipt: receiptSchema }),
    body: body(assignment),
  },
  responses: { 200: success(moneySchema, 'The money, with its payment'), ...failures },
})

/** Money in over HTTP. */
export function moneyRoutes() {
  return createRoutes()
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listMoney(context, { ...caller, ...readListing('min', c.req.valid('query')) })
      return c.json(pageOf('min', found, presentMoney), 200)
    })
    .openapi(assign, async (c) => {
      const { context, caller } = c.var
      const { payment_id, invoices = [] } = c.req.valid('json')
      const named = { ...caller, ...c.req.valid('param') }
      const parts = invoices.map(({ invoice_id, amount }) => ({ invoice_id, amount_cents: amount }))
      const money =
        payment_id === undefined
          ? await assignToInvoices(context, { ...named, parts })
          : await assignMoney(context, { ...named, payment_id })
      return c.json(succeeded(presentMoney(money)), 200)
    })
}

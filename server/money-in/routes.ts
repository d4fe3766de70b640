import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { accountSchema, amountSchema, body, idSchema, phoneSchema, receiptSchema, textSchema } from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { assignMoney } from './assign.ts'
import { listMoney } from './find.ts'
import { moneyRow, moneySchema, presentMoney } from './money-in.ts'

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
      unmatched: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional(),
      account: accountSchema.optional(),
      kind: moneyRow.shape.kind.optional(),
      search: textSchema(100).optional().openapi({
        description:
          'The beginning of a receipt, phone or reference, or of words of the payer’s name; or an amount in shillings.',
      }),
      receipt: receiptSchema.optional(),
      account_reference: z.string().max(100).optional(),
      phone: phoneSchema.optional(),
      min_amount: amountSchema.optional(),
      max_amount: amountSchema.optional(),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
    }),
  },
  responses: { 200: page(moneySchema, 'A page of money in'), ...failures },
})

const assign = createRoute({
  method: 'post',
  path: '/money-in/{receipt}/assign',
  tags,
  summary: 'Give money that no payment explains to a payment',
  description:
    'The amounts must agree. It completes the payment, also one that failed. Safe to repeat. To send the money back instead, refund it.',
  middleware: needs('payments:write'),
  request: {
    params: z.strictObject({ receipt: receiptSchema }),
    body: body(z.strictObject({ payment_id: idSchema('pay') }).openapi('Assignment')),
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
      const money = await assignMoney(context, { ...caller, ...c.req.valid('param'), ...c.req.valid('json') })
      return c.json(succeeded(presentMoney(money)), 200)
    })
}

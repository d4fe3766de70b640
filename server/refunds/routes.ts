import { createRoute, z } from '@hono/zod-openapi'
import { answerCreated, repeatableHeaders } from '../api/answer-created.ts'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import {
  amountSchema,
  body,
  idParam,
  idSchema,
  optional,
  optionalBody,
  receiptSchema,
  textSchema,
} from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { evidenceSchema, listEvidence } from '../evidence/list.ts'
import { createRefund } from './create.ts'
import { findRefund, listRefunds } from './find.ts'
import { refundMoney } from './refund-money.ts'
import { presentRefund, refundSchema } from './refund.ts'

const refund = refundSchema.openapi('Refund')

const create = createRoute({
  method: 'post',
  path: '/refunds',
  tags: ['Refunds'],
  summary: 'Give money back',
  description:
    'Gives back all that is left of a completed payment, or an amount of it. It is pending until M-Pesa tells the outcome. One that M-Pesa refuses at once is also a 201, with status "failed". Needs an API operator.',
  middleware: needs('refunds:write'),
  request: {
    headers: repeatableHeaders,
    body: body(
      z
        .strictObject({
          payment_id: idSchema('pay'),
          amount: optional(amountSchema),
          reason: optional(textSchema(200)),
        })
        .openapi('RefundRequest'),
    ),
  },
  responses: { 201: success(refund, 'The refund'), ...failures },
})

const list = createRoute({
  method: 'get',
  path: '/refunds',
  tags: ['Refunds'],
  summary: 'List refunds, newest first',
  description: 'Those that were asked for here, and those that were made at the portal of M-PESA.',
  middleware: needs('refunds:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      payment_id: idSchema('pay').optional(),
      status: z.enum(['pending', 'completed', 'failed']).optional(),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
    }),
  },
  responses: { 200: page(refund, 'A page of refunds'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/refunds/{id}',
  tags: ['Refunds'],
  summary: 'One refund',
  description: 'As it now is: `pending` until M-PESA says what became of it.',
  middleware: needs('refunds:read'),
  request: { params: idParam('ref') },
  responses: { 200: success(refund, 'The refund'), ...failures },
})

const evidence = createRoute({
  method: 'get',
  path: '/refunds/{id}/evidence',
  tags: ['Refunds'],
  summary: 'Everything ever learnt about a refund, in order, with the raw bodies',
  description: 'Replies, callbacks, answers and records, each with what it did to the refund.',
  middleware: needs('refunds:read'),
  request: { params: idParam('ref') },
  responses: { 200: success(z.array(evidenceSchema.openapi('Evidence')), 'The evidence'), ...failures },
})

const ofMoney = createRoute({
  method: 'post',
  path: '/money-in/{receipt}/refund',
  tags: ['Money in'],
  summary: 'Send money back that no payment explains',
  description:
    'Gives back all that is left of the money of a receipt, or an amount of it. It is a refund like any other, without a payment: pending until M-Pesa tells the outcome. Needs an API operator.',
  middleware: needs('refunds:write'),
  request: {
    headers: repeatableHeaders,
    params: z.strictObject({ receipt: receiptSchema }),
    body: optionalBody(
      z
        .strictObject({ amount: optional(amountSchema), reason: optional(textSchema(200)) })
        .openapi('MoneyRefundRequest'),
    ),
  },
  responses: { 201: success(refund, 'The refund'), ...failures },
})

/** Refunds over HTTP. */
export function refundRoutes() {
  return createRoutes()
    .openapi(create, (c) => {
      const { context, caller } = c.var
      const { merchant_id, mode } = caller
      const { amount: amount_cents, ...input } = c.req.valid('json')
      return answerCreated(c, 'POST /v1/refunds', {
        create: (idempotency) => createRefund(context, { ...input, amount_cents, merchant_id, mode, idempotency }),
        show: presentRefund,
      })
    })
    .openapi(ofMoney, (c) => {
      const { context, caller } = c.var
      const { merchant_id, mode } = caller
      const { receipt } = c.req.valid('param')
      const { amount: amount_cents, reason } = c.req.valid('json')
      return answerCreated(c, `POST /v1/money-in/${receipt}/refund`, {
        create: (idempotency) =>
          refundMoney(context, { receipt, amount_cents, reason, merchant_id, mode, idempotency }),
        show: presentRefund,
      })
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listRefunds(context, { ...caller, ...readListing('ref', c.req.valid('query')) })
      return c.json(pageOf('ref', found, presentRefund), 200)
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      const row = await findRefund(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentRefund(row)), 200)
    })
    .openapi(evidence, async (c) => {
      const { context, caller } = c.var
      const row = await findRefund(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(await listEvidence(context, row)), 200)
    })
}

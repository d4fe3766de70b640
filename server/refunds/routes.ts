import { createRoute, z } from '@hono/zod-openapi'
import {
  amountSchema,
  body,
  createRoutes,
  failures,
  idParam,
  idSchema,
  needs,
  page,
  pageParams,
  success,
  timeSchema,
} from '../api/api.ts'
import { pageOf, readCursor, succeeded } from '../api/answer.ts'
import { keepAnswers } from '../api/idempotency.ts'
import { evidenceSchema, listEvidence } from '../evidence/list.ts'
import { repeatable, repeatableHeaders, repeated } from '../api/repeatable.ts'
import { createRefund } from './create.ts'
import { findRefund, listRefunds } from './find.ts'
import { presentRefund, refundSchema } from './refund.ts'

const refund = refundSchema.openapi('Refund')
const route = 'POST /v1/refunds'

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
          amount: amountSchema.optional(),
          reason: z.string().trim().min(1).max(200).optional(),
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
  middleware: needs('payments:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      payment_id: idSchema('pay').optional(),
      status: z.enum(['pending', 'completed', 'failed']).optional(),
      since: timeSchema.optional(),
      until: timeSchema.optional(),
    }),
  },
  responses: { 200: page(refund, 'A page of refunds'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/refunds/{id}',
  tags: ['Refunds'],
  summary: 'One refund',
  middleware: needs('payments:read'),
  request: { params: idParam('ref') },
  responses: { 200: success(refund, 'The refund'), ...failures },
})

const evidence = createRoute({
  method: 'get',
  path: '/refunds/{id}/evidence',
  tags: ['Refunds'],
  summary: 'Everything ever learnt about a refund, in order, with the raw bodies',
  middleware: needs('payments:read'),
  request: { params: idParam('ref') },
  responses: { 200: success(z.array(evidenceSchema.openapi('Evidence')), 'The evidence'), ...failures },
})

/** Refunds over HTTP. */
export function refundRoutes() {
  return createRoutes()
    .openapi(create, async (c) => {
      const { context, caller } = c.var
      const { merchant_id, mode } = caller
      const { amount: amount_cents, ...input } = c.req.valid('json')
      const idempotency = await repeatable(c, route)
      const created = await createRefund(context, { ...input, amount_cents, merchant_id, mode, idempotency })
      if ('answer' in created) return repeated(c, created.answer, created.status)

      const answer = { success: true as const, data: presentRefund(created.refund) }
      if (created.isRepeat) return repeated(c, JSON.stringify(answer), 201)
      if (idempotency)
        await context.gather(keepAnswers, { ...idempotency, status: 201, answer: JSON.stringify(answer) })
      return c.json(answer, 201)
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const { limit, cursor, ...filter } = c.req.valid('query')
      const { refunds, hasMore } = await listRefunds(context, {
        ...caller,
        filter,
        limit,
        before: readCursor('ref', cursor),
      })
      return c.json(pageOf('ref', refunds, hasMore, presentRefund), 200)
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

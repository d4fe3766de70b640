import { createRoute, z } from '@hono/zod-openapi'
import {
  amountSchema,
  body,
  createRoutes,
  failures,
  idParam,
  metadataSchema,
  needs,
  page,
  pageParams,
  phoneSchema,
  success,
  timeSchema,
} from '../api/api.ts'
import { parseId } from '../id.ts'
import { keepAnswers } from '../api/idempotency.ts'
import { evidenceSchema, listEvidence } from '../evidence/list.ts'
import { repeatable, repeatableHeaders, repeated } from '../api/repeatable.ts'
import { pageOf, readCursor, succeeded } from '../api/answer.ts'
import { approvePayout, rejectPayout } from './approve.ts'
import { createPayout } from './create.ts'
import { findPayout, listPayouts } from './find.ts'
import { payoutRow, payoutSchema, presentPayout } from './payout.ts'

const payout = payoutSchema.openapi('Payout')
const tags = ['Payouts']
const route = 'POST /v1/payouts'
const text = (max: number) => z.string().trim().min(1).max(max)

const common = {
  amount: amountSchema,
  currency: z.literal('KES', 'The currency is KES.').default('KES'),
  provider: z.enum(['mpesa', 'pesaflow'], 'The provider is "mpesa" or "pesaflow".').default('mpesa'),
  remarks: text(100).optional(),
  external_reference: text(100).optional(),
  metadata: metadataSchema.optional(),
}

const request = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('b2c'),
      phone: phoneSchema,
      reason: z.enum(['business_payment', 'salary_payment', 'promotion_payment']).default('business_payment'),
      ...common,
    }),
    z.strictObject({ kind: z.literal('pochi'), phone: phoneSchema, ...common }),
    z
      .strictObject({
        kind: z.literal('b2b'),
        shortcode: z.string().regex(/^\d{5,7}$/, 'A short code has 5 to 7 digits'),
        shortcode_type: z.enum(['paybill', 'till']).default('paybill'),
        account_reference: text(20).optional(),
        ...common,
      })
      .refine(({ shortcode_type, account_reference }) => shortcode_type === 'till' || account_reference !== undefined, {
        path: ['account_reference'],
        message: 'A paybill is paid into an account: name it',
      }),
  ])
  .openapi('PayoutRequest')

const create = createRoute({
  method: 'post',
  path: '/payouts',
  tags,
  summary: 'Send money to a person or a business',
  description:
    'Off until an owner enables it. "b2c" pays a person, "pochi" the business wallet of one, "b2b" a paybill or till. It counts against the limit of the day; above the threshold it waits for approval. It is pending until M-Pesa tells the outcome. One that M-Pesa refuses at once is also a 201, with status "failed". Send an Idempotency-Key: a payout whose outcome is unknown must never be sent again.',
  middleware: needs('payouts:write'),
  request: { headers: repeatableHeaders, body: body(request) },
  responses: { 201: success(payout, 'The payout'), ...failures },
})

const list = createRoute({
  method: 'get',
  path: '/payouts',
  tags,
  summary: 'List payouts, newest first',
  middleware: needs('payments:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      kind: payoutRow.shape.kind.optional(),
      status: payoutSchema.shape.status.optional(),
      since: timeSchema.optional(),
      until: timeSchema.optional(),
      search: text(100).optional(),
      phone: phoneSchema.optional(),
      external_reference: z.string().optional(),
    }),
  },
  responses: { 200: page(payout, 'A page of payouts'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/payouts/{id}',
  tags,
  summary: 'One payout',
  middleware: needs('payments:read'),
  request: { params: idParam('pot') },
  responses: { 200: success(payout, 'The payout'), ...failures },
})

const evidence = createRoute({
  method: 'get',
  path: '/payouts/{id}/evidence',
  tags,
  summary: 'Everything ever learnt about a payout, in order, with the raw bodies',
  middleware: needs('payments:read'),
  request: { params: idParam('pot') },
  responses: { 200: success(z.array(evidenceSchema.openapi('Evidence')), 'The evidence'), ...failures },
})

const approve = createRoute({
  method: 'post',
  path: '/payouts/{id}/approve',
  tags,
  summary: 'Approve a payout that waits, and send it',
  description: 'Whoever approves is not who asked for it: another person, or another key with a name of its own.',
  middleware: needs('payouts:write'),
  request: { params: idParam('pot') },
  responses: { 200: success(payout, 'The payout'), ...failures },
})

const reject = createRoute({
  method: 'post',
  path: '/payouts/{id}/reject',
  tags,
  summary: 'Reject a payout that waits',
  description: 'It fails as "rejected", and nothing is sent. Whoever asked for it may take it back so.',
  middleware: needs('payouts:write'),
  request: {
    params: idParam('pot'),
    body: { ...body(z.strictObject({ reason: text(200).optional() }).openapi('Rejection')), required: false },
  },
  responses: { 200: success(payout, 'The payout'), ...failures },
})

/** Payouts over HTTP. */
export function payoutRoutes() {
  return createRoutes()
    .openapi(create, async (c) => {
      const { context, caller } = c.var
      const { merchant_id, mode } = caller
      const { amount: amount_cents, currency: _, ...input } = c.req.valid('json')
      const idempotency = await repeatable(c, route)
      const created = await createPayout(context, { ...input, amount_cents, merchant_id, mode, idempotency })
      if ('answer' in created) return repeated(c, created.answer, created.status)

      const answer = succeeded(presentPayout(created.payout))
      if (created.isRepeat) return repeated(c, JSON.stringify(answer), 201)
      if (idempotency)
        await context.gather(keepAnswers, { ...idempotency, status: 201, answer: JSON.stringify(answer) })
      return c.json(answer, 201)
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const { limit, cursor, ...query } = c.req.valid('query')
      const filter = { ...query, search_id: query.search && parseId('pot', query.search) }
      const before = readCursor('pot', cursor)
      const { payouts, hasMore } = await listPayouts(context, { ...caller, filter, limit, before })
      return c.json(pageOf('pot', payouts, hasMore, presentPayout), 200)
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      const row = await findPayout(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentPayout(row)), 200)
    })
    .openapi(evidence, async (c) => {
      const { context, caller } = c.var
      const row = await findPayout(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(await listEvidence(context, row)), 200)
    })
    .openapi(approve, async (c) => {
      const { context, caller } = c.var
      const row = await approvePayout(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentPayout(row)), 200)
    })
    .openapi(reject, async (c) => {
      const { context, caller } = c.var
      const row = await rejectPayout(context, { ...caller, ...c.req.valid('param') }, c.req.valid('json').reason)
      return c.json(succeeded(presentPayout(row)), 200)
    })
}

import { createRoute, z } from '@hono/zod-openapi'
import { answerCreated, repeatableHeaders } from '../api/answer-created.ts'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import {
  accountSchema,
  body,
  idParam,
  idSchema,
  optional,
  optionalBody,
  phoneSchema,
  textSchema,
} from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { evidenceSchema, listEvidence } from '../evidence/list.ts'
import { approvePayout, rejectPayout } from './approve.ts'
import { payoutRequest } from './asked.ts'
import { batchRoutes } from './batch-routes.ts'
import { createPayout } from './create.ts'
import { findPayout, listPayouts } from './find.ts'
import { payoutRow, payoutSchema, presentPayout } from './payout.ts'

const payout = payoutSchema.openapi('Payout')
const tags = ['Payouts']

const create = createRoute({
  method: 'post',
  path: '/payouts',
  tags,
  summary: 'Send money to a person or a business',
  description:
    'Off until an owner enables it. "b2c" pays a person, "pochi" the business wallet of one, "b2b" a paybill or till. It counts against the limit of the day; above the threshold it waits for approval. It is pending until M-Pesa tells the outcome. One that M-Pesa refuses at once is also a 201, with status "failed". Send an Idempotency-Key: a payout whose outcome is unknown must never be sent again.',
  middleware: needs('payouts:write'),
  request: { headers: repeatableHeaders, body: body(payoutRequest) },
  responses: { 201: success(payout, 'The payout'), ...failures },
})

const list = createRoute({
  method: 'get',
  path: '/payouts',
  tags,
  summary: 'List payouts, newest first',
  description: 'With every filter given, all must hold.',
  middleware: needs('payouts:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      account: accountSchema.optional(),
      kind: payoutRow.shape.kind.optional(),
      status: payoutSchema.shape.status.optional(),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
      search: textSchema(100).optional(),
      phone: phoneSchema.optional(),
      external_reference: z.string().optional(),
      batch_id: idSchema('bat').optional(),
    }),
  },
  responses: { 200: page(payout, 'A page of payouts'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/payouts/{id}',
  tags,
  summary: 'One payout',
  description: 'As it now is. One of which nobody knows whether it arrived is never sent again.',
  middleware: needs('payouts:read'),
  request: { params: idParam('pot') },
  responses: { 200: success(payout, 'The payout'), ...failures },
})

const evidence = createRoute({
  method: 'get',
  path: '/payouts/{id}/evidence',
  tags,
  summary: 'Everything ever learnt about a payout, in order, with the raw bodies',
  description: 'Replies, callbacks, answers and records, each with what it did to the payout.',
  middleware: needs('payouts:read'),
  request: { params: idParam('pot') },
  responses: { 200: success(z.array(evidenceSchema.openapi('Evidence')), 'The evidence'), ...failures },
})

const approve = createRoute({
  method: 'post',
  path: '/payouts/{id}/approve',
  tags,
  summary: 'Approve a payout that waits, and send it',
  description:
    "Whoever approves is not who asked for it: another person, with a key that the first one's key did not make.",
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
    body: optionalBody(z.strictObject({ reason: optional(textSchema(200)) }).openapi('Rejection')),
  },
  responses: { 200: success(payout, 'The payout'), ...failures },
})

/** Payouts over HTTP. */
export function payoutRoutes() {
  const routes = createRoutes()
  routes.route('/', batchRoutes())
  return routes
    .openapi(create, (c) => {
      const { context, caller } = c.var
      const { merchant_id, mode } = caller
      const { amount: amount_cents, currency: _, ...input } = c.req.valid('json')
      return answerCreated(c, 'POST /v1/payouts', {
        create: (idempotency) => createPayout(context, { ...input, amount_cents, merchant_id, mode, idempotency }),
        show: presentPayout,
      })
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listPayouts(context, { ...caller, ...readListing('pot', c.req.valid('query')) })
      return c.json(pageOf('pot', found, presentPayout), 200)
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

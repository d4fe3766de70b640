import { createRoute, z } from '@hono/zod-openapi'
import { answerCreated, repeatableHeaders } from '../api/answer-created.ts'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import {
  accountSchema,
  amountSchema,
  body,
  currencySchema,
  customerSchema,
  idParam,
  idSchema,
  metadataSchema,
  optional,
  phoneSchema,
  providerSchema,
  referenceSchema,
  textSchema,
  withDefault,
} from '../api/schema.ts'
import { isOurs, refuseUncallable } from '../callback-url.ts'
import { checkNow } from './check.ts'
import { createPayment } from './create.ts'
import { paymentFilterParams } from './filter.ts'
import { evidenceSchema, listEvidence } from '../evidence/list.ts'
import { findPayment, listPayments } from './find.ts'
import { paymentSchema, presentPayment } from './payment.ts'

const request = z
  .strictObject({
    amount: amountSchema,
    currency: currencySchema,
    provider: withDefault(providerSchema, 'mpesa'),
    account: optional(accountSchema),
    phone: optional(phoneSchema),
    account_reference: optional(referenceSchema),
    external_reference: optional(textSchema(100)).openapi({
      description:
        'Your own name of the order. One payment has it, until it fails: then ask again with the same one, and the new payment names the failed one as retry_of.',
    }),
    retry_of: optional(idSchema('pay')).openapi({
      description:
        'The failed payment that this one tries again: the same order. Needed only where the order has no external_reference.',
    }),
    description: optional(textSchema(200)),
    customer: optional(customerSchema),
    metadata: optional(metadataSchema),
    invoice_id: optional(idSchema('inv')),
    callback_url: optional(z.string().max(500)).openapi({ example: 'https://shop.example.com/mpesa' }),
    return_url: optional(z.url({ protocol: /^https?$/ }).max(500)),
  })
  .openapi('PaymentRequest')

const payment = paymentSchema.openapi('Payment')

const create = createRoute({
  method: 'post',
  path: '/payments',
  tags: ['Payments'],
  summary: 'Ask a payer to pay',
  description:
    'With a phone the prompt is sent at once; without one the payment waits at its checkout_url. A push that the provider refuses is also a 201, with status "failed".',
  middleware: needs('payments:write'),
  request: {
    headers: repeatableHeaders,
    body: body(request),
  },
  responses: { 201: success(payment, 'The payment'), ...failures },
})

const list = createRoute({
  method: 'get',
  path: '/payments',
  tags: ['Payments'],
  summary: 'List payments, newest first',
  description:
    'With every filter given, all must hold. `search` is exact for an id, and the beginning of a receipt, phone, reference or payer’s name.',
  middleware: needs('payments:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      ...paymentFilterParams,
    }),
  },
  responses: { 200: page(payment, 'A page of payments'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/payments/{id}',
  tags: ['Payments'],
  summary: 'One payment',
  description: 'As it now is. It is asked for as often as you like; a webhook tells when it changes.',
  middleware: needs('payments:read'),
  request: { params: idParam('pay') },
  responses: { 200: success(payment, 'The payment'), ...failures },
})

const evidence = createRoute({
  method: 'get',
  path: '/payments/{id}/evidence',
  tags: ['Payments'],
  summary: 'Everything ever learnt about a payment, in order, with the raw bodies',
  description: 'Replies, callbacks, checks, records and what a person said, each with what it did to the payment.',
  middleware: needs('payments:read'),
  request: { params: idParam('pay') },
  responses: { 200: success(z.array(evidenceSchema.openapi('Evidence')), 'The evidence'), ...failures },
})

const check = createRoute({
  method: 'post',
  path: '/payments/{id}/check',
  tags: ['Payments'],
  summary: 'Ask the provider now',
  description: 'At most once in 10 seconds for a payment.',
  middleware: needs('payments:write'),
  request: { params: idParam('pay') },
  responses: {
    200: success(payment.extend({ check: z.object({ outcome: z.string() }) }), 'The payment, and what the check did'),
    ...failures,
  },
})

/** Payments over HTTP. */
export function paymentRoutes() {
  return createRoutes()
    .openapi(create, (c) => {
      const { context, caller } = c.var
      const { amount, currency: _, ...input } = c.req.valid('json')
      const { merchant_id, mode } = caller
      if (input.callback_url !== undefined) refuseUncallable(context, input.callback_url, 'callback_url')
      const isForeign = input.callback_url !== undefined && !isOurs(context, input.callback_url)
      return answerCreated(c, 'POST /v1/payments', {
        create: (idempotency) =>
          createPayment(context, { ...input, amount_cents: amount, merchant_id, mode, idempotency }),
        show: (row) => presentPayment(context.config, row),
        warnings: isForeign ? [foreignCallback] : undefined,
      })
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listPayments(context, { ...caller, ...readListing('pay', c.req.valid('query')) })
      return c.json(
        pageOf('pay', found, (row) => presentPayment(context.config, row)),
        200,
      )
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      const row = await findPayment(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentPayment(context.config, row)), 200)
    })
    .openapi(evidence, async (c) => {
      const { context, caller } = c.var
      const row = await findPayment(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(await listEvidence(context, row)), 200)
    })
    .openapi(check, async (c) => {
      const { context, caller } = c.var
      const row = await findPayment(context, { ...caller, ...c.req.valid('param') })
      const outcome = await checkNow(context, row)
      const data = { ...presentPayment(context.config, await findPayment(context, row)), check: { outcome } }
      return c.json(succeeded(data), 200)
    })
}

const foreignCallback =
  'callback_url is not an address of this installation: the payment is settled by checks, and by what you forward to us.'

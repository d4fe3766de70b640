import { createRoute, z } from '@hono/zod-openapi'
import { answerCreated, repeatableHeaders } from '../api/answer-created.ts'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import {
  accountSchema,
  amountSchema,
  customerSchema,
  body,
  idParam,
  optional,
  optionalBody,
  phoneSchema,
  providerSchema,
  textSchema,
} from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { refuseUncallable } from '../callback-url.ts'
import { showId } from '../id.ts'
import type { SeenMail } from '../mail/mail.ts'
import { toShillings } from '../money.ts'
import { listOutsideOf } from '../outside/find.ts'
import { outsidePaymentSchema, presentOutsidePayment } from '../outside/outside-payment.ts'
import { payInvoice } from '../payments/pay-invoice.ts'
import { paymentSchema, presentPayment } from '../payments/payment.ts'
import { createInvoice, isBeyondOnePayment } from './create.ts'
import { findInvoice, listInvoiceMails, listInvoices, listParts } from './find.ts'
import type { PartPaid } from './find.ts'
import { invoiceRow, invoiceSchema, presentInvoice } from './invoice.ts'
import { reckon } from './lines.ts'
import { invoiceRequest } from './request.ts'
import { voidInvoice } from './void.ts'

const tags = ['Invoices']

const create = createRoute({
  method: 'post',
  path: '/invoices',
  tags,
  summary: 'Make an invoice',
  description:
    'Its customer pays at its url, or at the paybill with its reference as the account; or you ask a phone, by settle. Send an Idempotency-Key, so that a repeated request makes no second one.',
  middleware: needs('invoices:write'),
  request: { headers: repeatableHeaders, body: body(invoiceRequest) },
  responses: { 201: success(invoiceSchema, 'The invoice'), ...failures },
})

const isTrue = z.enum(['true', 'false']).transform((text) => text === 'true')

const list = createRoute({
  method: 'get',
  path: '/invoices',
  tags,
  summary: 'List invoices, newest first',
  description: 'With every filter given, all must hold. Amounts are those of the whole invoice.',
  middleware: needs('invoices:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      status: invoiceRow.shape.status.optional(),
      overdue: isTrue.optional().openapi({ description: 'True for those that are past their due date and not paid.' }),
      account: accountSchema.optional(),
      search: textSchema(100).optional().openapi({
        description: 'An id in whole, or the beginning of a reference or phone, or of words of the customer’s name.',
      }),
      reference: z.string().max(100).optional(),
      customer_phone: phoneSchema.optional(),
      min_amount: amountSchema.optional(),
      max_amount: amountSchema.optional(),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
    }),
  },
  responses: { 200: page(invoiceSchema, 'A page of invoices'), ...failures },
})

const partSchema = z.object({
  payment_id: z.string(),
  receipt: z.string().nullable(),
  amount: z.string().openapi({ description: 'What of this payment was put to the invoice, and stayed.' }),
  paid_at: z.string(),
})

const mailSchema = z.object({
  kind: z.enum(['invoice', 'invoice_reminder']),
  to: z.string(),
  status: z.enum(['waiting', 'sent', 'kept', 'failed']).openapi({
    description: 'Kept where the installation has no SMTP server; failed where the other side did not take it.',
  }),
  created_at: z.string(),
  sent_at: z.string().nullable(),
})

const one = createRoute({
  method: 'get',
  path: '/invoices/{id}',
  tags,
  summary: 'One invoice, with what was put to it and what was written about it',
  description: 'As it now is. A webhook tells when something was put to it, or taken back.',
  middleware: needs('invoices:read'),
  request: { params: idParam('inv') },
  responses: {
    200: success(
      invoiceSchema.extend({
        payments: z.array(partSchema),
        outside_payments: z.array(outsidePaymentSchema.openapi('OutsidePayment')),
        mails: z.array(mailSchema),
      }),
      'The invoice, its payments, those that were made elsewhere, and the mail about it',
    ),
    ...failures,
  },
})

const settleRequest = z
  .strictObject({
    amount: optional(amountSchema).openapi({ description: 'An instalment. All that is left where none is given.' }),
    provider: optional(providerSchema),
    account: optional(accountSchema),
    phone: optional(phoneSchema),
    customer: optional(customerSchema).openapi({
      description: 'Who pays, where that is not the customer of the invoice. Pesaflow needs name and id_number.',
    }),
    callback_url: optional(z.string().max(500)).openapi({ example: 'https://shop.example.com/mpesa' }),
    return_url: optional(z.url({ protocol: /^https?$/ }).max(500)),
  })
  .openapi('SettleRequest')

const settle = createRoute({
  method: 'post',
  path: '/invoices/{id}/settle',
  tags,
  summary: 'Begin a payment of an invoice',
  description:
    'With a phone the prompt is sent at once; without one the payment waits at its checkout_url. The invoice is paid when the money has come, never by this request.',
  middleware: [needs('invoices:write'), needs('payments:write')] as const,
  request: { headers: repeatableHeaders, params: idParam('inv'), body: optionalBody(settleRequest) },
  responses: { 201: success(paymentSchema, 'The payment'), ...failures },
})

const cancel = createRoute({
  method: 'post',
  path: '/invoices/{id}/void',
  tags,
  summary: 'Make an invoice void',
  description: 'Nobody owes it any longer. One to which something was put must have it refunded, or given away, first.',
  middleware: needs('invoices:write'),
  request: { params: idParam('inv') },
  responses: { 200: success(invoiceSchema, 'The invoice'), ...failures },
})

/** Invoices over HTTP. */
export function invoiceRoutes() {
  return createRoutes()
    .openapi(create, (c) => {
      const { context, caller } = c.var
      const { merchant_id, mode } = caller
      const { currency: _, lines, ...input } = c.req.valid('json')
      const priced = lines.map(({ description, quantity, unit_amount, tax_rate }) => ({
        description,
        quantity_thousandths: quantity,
        unit_cents: unit_amount,
        tax_rate_points: tax_rate,
      }))
      const { total_cents } = reckon(priced, { taxIncluded: input.tax_included })
      const isLarge = isBeyondOnePayment(context, input.provider, total_cents)
      return answerCreated(c, 'POST /v1/invoices', {
        create: (idempotency) => createInvoice(context, { ...input, lines: priced, merchant_id, mode, idempotency }),
        show: (row) => presentInvoice(context, row),
        warnings: isLarge ? [tooLarge] : undefined,
      })
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listInvoices(context, { ...caller, ...readListing('inv', c.req.valid('query')) })
      return c.json(
        pageOf('inv', found, (row) => presentInvoice(context, row)),
        200,
      )
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      const row = await findInvoice(context, { ...caller, ...c.req.valid('param') })
      const payments = (await listParts(context, row)).map(presentPart)
      const outside_payments = (await listOutsideOf(context, row)).map(presentOutsidePayment)
      const mails = (await listInvoiceMails(context, row)).map(presentMail)
      return c.json(succeeded({ ...presentInvoice(context, row), payments, outside_payments, mails }), 200)
    })
    .openapi(settle, (c) => {
      const { context, caller } = c.var
      const { merchant_id, mode } = caller
      const { id } = c.req.valid('param')
      const { amount, ...input } = c.req.valid('json')
      if (input.callback_url !== undefined) refuseUncallable(context, input.callback_url, 'callback_url')
      return answerCreated(c, 'POST /v1/invoices/{id}/settle', {
        create: (idempotency) =>
          payInvoice(context, { ...input, id, amount_cents: amount, merchant_id, mode, idempotency }),
        show: (row) => presentPayment(context.config, row),
        request: { id, ...c.req.valid('json') },
      })
    })
    .openapi(cancel, async (c) => {
      const { context, caller } = c.var
      const row = await voidInvoice(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentInvoice(context, row)), 200)
    })
}

function presentPart({ payment_id, receipt, amount_cents, paid_at }: PartPaid): z.infer<typeof partSchema> {
  return {
    payment_id: showId('pay', payment_id),
    receipt,
    amount: toShillings(amount_cents),
    paid_at: paid_at.toISOString(),
  }
}

function presentMail({ kind, recipient, status, created_at, sent_at }: SeenMail): z.infer<typeof mailSchema> {
  return {
    kind: kind === 'invoice' ? kind : 'invoice_reminder',
    to: recipient,
    status,
    created_at: created_at.toISOString(),
    sent_at: sent_at?.toISOString() ?? null,
  }
}

const tooLarge = 'The invoice is larger than what one payment takes: it is paid in instalments, by several payments.'

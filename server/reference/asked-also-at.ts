import type { RouteConfig } from '@hono/zod-openapi'
import { z } from '@hono/zod-openapi'
import { success } from '../api/answer.ts'
import { failures } from '../api/failure.ts'
import { body } from '../api/schema.ts'
import { paymentSchema } from '../payments/payment.ts'

const checked = paymentSchema.extend({
  check: z.object({
    outcome: z.string().openapi({
      description: 'completed, part_paid, informed where nothing is new, or asked_before within ten seconds.',
      example: 'informed',
    }),
  }),
})

const named = z
  .object({ invoice_number: z.string().optional(), client_invoice_ref: z.string().optional() })
  .openapi({ description: 'One of the two numbers of the bill.', example: { invoice_number: 'GWLQKD' } })

/**
 * Where eCitizen posts its notifications, and with a key a merchant's own program has a bill asked about. It stands outside of
 * `/v1`, under the name that integrators know, and is no route of the API's own.
 */
export const askedAlsoAt = {
  method: 'post',
  path: '/api/v1/payments/webhook/ecitizen-pesaflow',
  operationId: 'pesaflowCheck',
  servers: [{ url: '/' }],
  tags: ['Payments'],
  summary: 'Have a bill at eCitizen asked about',
  description:
    'Name it by invoice_number, which is its provider_ref, or by client_invoice_ref. Safe to repeat; it needs payments:write. The same address takes the notifications (IPN) of eCitizen, which come without a key, are believed nothing, and are answered as eCitizen expects. The addresses to which eCitizen leads a browser back, GET or POST /api/v1/payments/callback/success, failure and timeout, answer with a redirect to the page of the payment, and settle nothing.',
  request: { body: body(named) },
  responses: { 200: success(checked, 'The payment, and what the question brought'), ...failures },
} satisfies RouteConfig

import { createRoute } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { body, idParam } from '../api/schema.ts'
import { invoiceSchema, presentInvoice } from './invoice.ts'
import { invoiceChange } from './request.ts'
import { sendInvoice } from './send.ts'
import { updateInvoice } from './update.ts'

const tags = ['Invoices']

const send = createRoute({
  method: 'post',
  path: '/invoices/{id}/send',
  tags,
  summary: 'Send an invoice by mail, or send it again',
  description:
    'To customer.email, in the language of the customer or else the merchant: what is left to pay, by when, what for, and the link at which it is paid. Asked twice within a minute it is sent once. 400 where the customer has no address, 409 where nothing is left to pay.',
  middleware: needs('invoices:write'),
  request: { params: idParam('inv') },
  responses: { 200: success(invoiceSchema, 'The invoice'), ...failures },
})

const change = createRoute({
  method: 'patch',
  path: '/invoices/{id}',
  tags,
  summary: 'Change how the customer of an invoice is written to',
  description:
    'Their address, their language, and whether they are reminded. What is owed never changes: make the invoice void, and another one. At a new address it was not sent yet, until you send it.',
  middleware: needs('invoices:write'),
  request: { params: idParam('inv'), body: body(invoiceChange) },
  responses: { 200: success(invoiceSchema, 'The invoice'), ...failures },
})

/** How customers are written to about their invoices, over HTTP. */
export function invoiceLetterRoutes() {
  return createRoutes()
    .openapi(send, async (c) => {
      const { context, caller } = c.var
      const row = await sendInvoice(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentInvoice(context, row)), 200)
    })
    .openapi(change, async (c) => {
      const { context, caller } = c.var
      const row = await updateInvoice(context, { ...caller, ...c.req.valid('param'), ...c.req.valid('json') })
      return c.json(succeeded(presentInvoice(context, row)), 200)
    })
}

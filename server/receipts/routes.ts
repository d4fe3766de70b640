import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures, problemOf } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { amountSchema, idParam, idSchema, textSchema } from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { parseId } from '../id.ts'
import { Problem } from '../problem.ts'
import { findReceipt, listReceipts } from './find.ts'
import { receiptNumber, presentReceipt, receiptSchema } from './receipt.ts'
import { receiptPdf } from './pdf.ts'

const tags = ['Receipts']

const list = createRoute({
  method: 'get',
  path: '/receipts',
  tags,
  summary: 'List receipts, newest first',
  description:
    'Each completed payment has one, moments after it was completed. Numbers have no gaps in a year of Nairobi. With every filter given, all must hold.',
  middleware: needs('payments:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      status: z.enum(['issued', 'reversed', 'replaced']).optional(),
      payment_id: idSchema('pay').optional(),
      invoice_id: idSchema('inv').optional(),
      search: textSchema(100).optional().openapi({
        description:
          'An id or a number in whole, or the beginning of an M-Pesa code, phone or reference, or of words of the payer’s name.',
      }),
      min_amount: amountSchema.optional(),
      max_amount: amountSchema.optional(),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
    }),
  },
  responses: { 200: page(receiptSchema, 'A page of receipts'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/receipts/{id}',
  tags,
  summary: 'One receipt',
  description:
    'Its url is for the payer: nobody needs to sign in to see it, and its verify_url tells no more than what proves it.',
  middleware: needs('payments:read'),
  request: { params: idParam('rct') },
  responses: { 200: success(receiptSchema, 'The receipt'), ...failures },
})

const pdf = createRoute({
  method: 'get',
  path: '/receipts/{id}.pdf',
  operationId: 'receiptsPdf',
  tags,
  summary: 'One receipt as a PDF',
  description: 'A5, to keep or to print, in English or with `lang=sw` in Swahili.',
  request: {
    params: z.strictObject({ id: idSchema('rct') }),
    query: z.strictObject({ lang: z.enum(['en', 'sw']).optional() }),
  },
  responses: {
    200: {
      content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
      description: 'The receipt',
    },
    ...failures,
  },
})

/** Receipts over HTTP. */
export function receiptRoutes() {
  const routes = createRoutes()
  // A parameter of Hono's ends with its segment, so that what the document calls `{id}.pdf` is read here.
  routes.openAPIRegistry.registerPath(pdf)
  routes.get('/receipts/:file{[^/]+\\.pdf}', needs('payments:read'), async (c) => {
    const { context, caller } = c.var
    const id = parseId('rct', c.req.param('file').replace(/\.pdf$/, ''))
    if (!id) throw new Problem('not_found', 'There is no such receipt, or it is not yours.', 'id')
    const query = z.strictObject({ lang: z.enum(['en', 'sw'], 'A receipt is written in en or sw.').optional() })
    const asked = query.safeParse(c.req.query())
    if (!asked.success) throw problemOf(asked.error)
    const { lang = 'en' } = asked.data
    const receipt = await findReceipt(context, { ...caller, id })
    const body = await receiptPdf(context, receipt, lang)
    return c.body(new Uint8Array(body), 200, {
      'Content-Type': 'application/pdf',
      'Content-Disposition': `inline; filename="receipt-${receiptNumber(receipt)}.pdf"`,
    })
  })
  return routes
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listReceipts(context, { ...caller, ...readListing('rct', c.req.valid('query')) })
      return c.json(
        pageOf('rct', found, (row) => presentReceipt(context, row)),
        200,
      )
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      const receipt = await findReceipt(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentReceipt(context, receipt)), 200)
    })
}

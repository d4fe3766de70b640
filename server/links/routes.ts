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
  idParam,
  metadataSchema,
  optional,
  providerSchema,
  textSchema,
  withDefault,
} from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { drawQrCode } from '../c2b/qr.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { createLink } from './create.ts'
import { endLink } from './end.ts'
import { findLink, listLinks } from './find.ts'
import { linkSchema, presentLink } from './link.ts'
import type { Link } from './link.ts'
import { accountOfLink, poster, referenceOfLink } from './poster.ts'
import { resumeLink } from './resume.ts'

const tags = ['Payment links']

const request = z
  .strictObject({
    name: textSchema(100).openapi({ description: 'What is paid for, as its payers read it.', example: 'Sadaka' }),
    amount: optional(amountSchema).openapi({ description: 'Left out where the payer writes how much.' }),
    currency: currencySchema,
    provider: withDefault(providerSchema, 'mpesa'),
    account: optional(accountSchema),
    max_uses: optional(z.number().int().min(1).max(1_000_000)).openapi({
      description: 'How many payments are taken at it; any number where none is given.',
    }),
    metadata: optional(metadataSchema),
    return_url: optional(z.url({ protocol: /^https?$/ }).max(500)),
  })
  .openapi('PaymentLinkRequest')

const create = createRoute({
  method: 'post',
  path: '/payment-links',
  tags,
  summary: 'Make a page at which anybody pays',
  description: 'Of one amount, or of what the payer writes. Its QR code goes on a poster or a bill.',
  middleware: needs('payments:write'),
  request: { headers: repeatableHeaders, body: body(request) },
  responses: { 201: success(linkSchema, 'The payment link'), ...failures },
})

const list = createRoute({
  method: 'get',
  path: '/payment-links',
  tags,
  summary: 'List payment links, newest first',
  description: 'With every filter given, all must hold. One that was used as often as it may be has ended.',
  middleware: needs('payments:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      status: z.enum(['active', 'ended']).optional(),
      account: accountSchema.optional(),
      search: textSchema(100).optional().openapi({ description: 'The beginnings of words of its name.' }),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
    }),
  },
  responses: { 200: page(linkSchema, 'A page of payment links'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/payment-links/{id}',
  tags,
  summary: 'One payment link',
  description: 'As it now is, with how often it was paid at it.',
  middleware: needs('payments:read'),
  request: { params: idParam('lnk') },
  responses: { 200: success(linkSchema, 'The payment link'), ...failures },
})

const end = createRoute({
  method: 'post',
  path: '/payment-links/{id}/end',
  tags,
  summary: 'End a payment link',
  description: 'Nobody begins a payment there any longer; what is under way is still paid. Safe to repeat.',
  middleware: needs('payments:write'),
  request: { params: idParam('lnk') },
  responses: { 200: success(linkSchema, 'The payment link'), ...failures },
})

const resume = createRoute({
  method: 'post',
  path: '/payment-links/{id}/resume',
  tags,
  summary: 'Let payments begin at a link again',
  description:
    'Of one that was ended: it has the same address and the same QR code, so what was printed is good again. One that was used as often as it may be stays ended. Safe to repeat.',
  middleware: needs('payments:write'),
  request: { params: idParam('lnk') },
  responses: { 200: success(linkSchema, 'The payment link'), ...failures },
})

const posterPdf = createRoute({
  method: 'get',
  path: '/payment-links/{id}/poster.pdf',
  operationId: 'paymentLinksPoster',
  tags,
  summary: 'A poster of a payment link for the counter',
  description:
    'A PDF to print, in Swahili and English and in black: your name and logo, a QR code, and how to pay by hand at the paybill or till. The code leads to the link; with `code=mpesa` it is one that the M-PESA app pays, where the link is of one amount. What is paid by it or by hand comes as money in, with the account_reference of the poster.',
  middleware: needs('payments:read'),
  request: {
    params: idParam('lnk'),
    query: z.strictObject({
      size: withDefault(z.enum(['A4', 'A5']), 'A4'),
      code: withDefault(z.enum(['link', 'mpesa']), 'link'),
      account_reference: z
        .string()
        .trim()
        .regex(/^[A-Za-z0-9 ._/-]{1,12}$/)
        .optional()
        .openapi({
          description:
            'What is typed as the account at a paybill; the name of the link, as far as it fits, by default.',
        }),
    }),
  },
  responses: {
    200: {
      content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
      description: 'The poster',
    },
    ...failures,
  },
})

const codePixels = 600

/** A code of M-Pesa's own for a poster. @throws a Problem where the link has no amount, or the account has no such codes. */
async function drawMpesaCode(context: Context, link: Link, reference = referenceOfLink(link)): Promise<Buffer> {
  const { amount_cents } = link
  if (amount_cents === null)
    throw new Problem(
      'conflict',
      'A code of M-PESA is of one amount, and at this link the payer writes how much. Take code=link.',
      'code',
    )
  const account = await accountOfLink(context, link)
  return Buffer.from(await drawQrCode(context, account, { amount_cents, reference, size_pixels: codePixels }), 'base64')
}

/** Payment links over HTTP. */
export function linkRoutes() {
  return createRoutes()
    .openapi(create, (c) => {
      const { context, caller } = c.var
      const { merchant_id, mode } = caller
      const { amount: amount_cents, currency: _, ...input } = c.req.valid('json')
      return answerCreated(c, 'POST /v1/payment-links', {
        create: (idempotency) => createLink(context, { ...input, amount_cents, merchant_id, mode, idempotency }),
        show: (row) => presentLink(context.config, row),
      })
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listLinks(context, { ...caller, ...readListing('lnk', c.req.valid('query')) })
      return c.json(
        pageOf('lnk', found, (row) => presentLink(context.config, row)),
        200,
      )
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      const row = await findLink(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentLink(context.config, row)), 200)
    })
    .openapi(end, async (c) => {
      const { context, caller } = c.var
      const row = await endLink(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentLink(context.config, row)), 200)
    })
    .openapi(resume, async (c) => {
      const { context, caller } = c.var
      const row = await resumeLink(context, { ...caller, ...c.req.valid('param') })
      return c.json(succeeded(presentLink(context.config, row)), 200)
    })
    .openapi(posterPdf, async (c) => {
      const { context, caller } = c.var
      const { size, code, account_reference } = c.req.valid('query')
      const link = await findLink(context, { ...caller, ...c.req.valid('param') })
      const image = code === 'mpesa' ? await drawMpesaCode(context, link, account_reference) : undefined
      const body = await poster(context, link, { size, account_reference, code: image })
      return c.body(new Uint8Array(body), 200, {
        'Content-Type': 'application/pdf',
        'Content-Disposition': `inline; filename="${showId('lnk', link.id)}-${size}.pdf"`,
      })
    })
}

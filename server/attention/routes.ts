import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageBy, pageParams } from '../api/list.ts'
import { body, optional, textSchema } from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { itemSchema, presentItem } from './item.ts'
import { cursorOf, listAttention, readCursor } from './list.ts'
import { resolveAttention } from './resolve.ts'
import { kinds } from './source.ts'

const tags = ['Attention']

const list = createRoute({
  method: 'get',
  path: '/attention',
  tags,
  summary: 'List all that needs a person, newest first',
  description:
    'Payments, refunds and payouts that are flagged, money that no payment explains, callbacks that are kept and could not be acted on, runs that disagree: each with all its reasons, since when, and what can be done. Nothing that may be money is anywhere else only.',
  middleware: needs('payments:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      kind: z.enum(kinds).optional(),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
    }),
  },
  responses: { 200: page(itemSchema, 'A page of what needs a person'), ...failures },
})

const resolve = createRoute({
  method: 'post',
  path: '/attention/{id}/resolve',
  tags,
  summary: 'Say that a person has looked at it, and what came of it',
  description:
    'It moves no money and changes no status: it takes what was looked at off the list, with a note in the audit log. A new fact puts it there again. With `reasons`, only these are resolved: what came up meanwhile stays.',
  middleware: needs('payments:read'),
  request: {
    params: z.strictObject({ id: z.string().max(60).openapi({ example: 'pay_0193a6c177b27d0e8f21c4d5e6f70812' }) }),
    body: body(
      z
        .strictObject({
          note: textSchema(1_000),
          reasons: optional(z.array(z.string().max(60)).min(1).max(50)),
        })
        .openapi('AttentionResolution'),
    ),
  },
  responses: { 200: success(itemSchema, 'What it was'), ...failures },
})

/** What needs a person, over HTTP. */
export function attentionRoutes() {
  return createRoutes()
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const { limit, cursor, ...filter } = c.req.valid('query')
      const after = cursor === undefined ? undefined : readCursor(cursor)
      const found = await listAttention(context, { ...caller, filter, limit, after })
      return c.json(pageBy(cursorOf, found, presentItem), 200)
    })
    .openapi(resolve, async (c) => {
      const { context, caller } = c.var
      const item = await resolveAttention(context, caller, { ...c.req.valid('param'), ...c.req.valid('json') })
      return c.json(succeeded(presentItem(item)), 200)
    })
}

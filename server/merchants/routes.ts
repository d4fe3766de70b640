import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { body, optional, textSchema } from '../api/schema.ts'
import { showId } from '../id.ts'
import { findMerchants, updateMerchant } from './merchant.ts'

const merchant = z.object({ id: z.string(), name: z.string(), duplicate_guard: z.boolean() }).openapi('Merchant')

const show = createRoute({
  method: 'get',
  path: '/merchant',
  tags: ['Merchant'],
  summary: 'The merchant whose key this is',
  middleware: needs('merchant:read'),
  responses: { 200: success(merchant, 'The merchant'), ...failures },
})

const change = createRoute({
  method: 'patch',
  path: '/merchant',
  tags: ['Merchant'],
  summary: 'Change the name, or the guard against a second payment like the first within a minute',
  middleware: needs('merchant:write'),
  request: {
    body: body(
      z
        .strictObject({ name: optional(textSchema(100)), duplicate_guard: optional(z.boolean()) })
        .openapi('MerchantChange'),
    ),
  },
  responses: { 200: success(merchant, 'The merchant'), ...failures },
})

/** The merchant's own settings over HTTP. */
export function merchantRoutes() {
  return createRoutes()
    .openapi(show, async (c) => {
      const { context, caller } = c.var
      const [found] = await findMerchants(context, [caller.merchant_id])
      return c.json(succeeded({ ...found!, id: showId('mer', caller.merchant_id) }), 200)
    })
    .openapi(change, async (c) => {
      const { context, caller } = c.var
      const changed = await updateMerchant(context, { id: caller.merchant_id, ...c.req.valid('json') })
      return c.json(succeeded({ ...changed, id: showId('mer', changed.id) }), 200)
    })
}

import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { body, optional, textSchema } from '../api/schema.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { logoPath } from './logo.ts'
import { findMerchants, updateMerchant } from './merchant.ts'
import type { Merchant } from './merchant.ts'

const merchantSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    duplicate_guard: z.boolean(),
    color: z.string().nullable(),
    logo_url: z.string().nullable(),
  })
  .openapi('Merchant')

const color = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, 'A colour is written as #0b6b4f')
  // Capitals are taken too, and made small.
  .openapi({ pattern: '^#[0-9A-Fa-f]{6}$', example: '#0b6b4f' })

const show = createRoute({
  method: 'get',
  path: '/merchant',
  tags: ['Merchant'],
  summary: 'The merchant whose key this is',
  description: 'Its name, its settings, and how its payers see it.',
  middleware: needs('merchant:read'),
  responses: { 200: success(merchantSchema, 'The merchant'), ...failures },
})

const me = createRoute({
  ...show,
  path: '/merchant/me',
  summary: 'The merchant whose key this is, under another name',
  description: 'The same as GET /v1/merchant.',
})

const change = createRoute({
  method: 'patch',
  path: '/merchant',
  tags: ['Merchant'],
  summary: 'Change the name, the colour, or the guard against a second payment like the first within a minute',
  description:
    'The colour is what payers see on the first letter of the name and on the button that they press; the words on it are black or white, whichever is read more easily.',
  middleware: needs('merchant:write'),
  request: {
    body: body(
      z
        .strictObject({
          name: optional(textSchema(100)),
          duplicate_guard: optional(z.boolean()),
          color: optional(color),
        })
        .openapi('MerchantChange'),
    ),
  },
  responses: { 200: success(merchantSchema, 'The merchant'), ...failures },
})

/** The merchant's own settings over HTTP. */
export function merchantRoutes() {
  return createRoutes()
    .openapi(show, async (c) => c.json(succeeded(await merchantOf(c.var)), 200))
    .openapi(me, async (c) => c.json(succeeded(await merchantOf(c.var)), 200))
    .openapi(change, async (c) => {
      const { context, caller } = c.var
      const changed = await updateMerchant(context, { id: caller.merchant_id, ...c.req.valid('json') })
      return c.json(succeeded(presentMerchant(context, changed)), 200)
    })
}

async function merchantOf({ context, caller }: ApiEnvironment['Variables']) {
  const [found] = await findMerchants(context, [caller.merchant_id])
  return presentMerchant(context, found!)
}

function presentMerchant({ config }: Context, merchant: Merchant): z.infer<typeof merchantSchema> {
  const { id, name, duplicate_guard, color: shown, logo_version: version } = merchant
  const logo_url = version && config.publicUrl + logoPath({ merchant_id: id, version })
  return { id: showId('mer', id), name, duplicate_guard, color: shown, logo_url }
}

import { createRoute, z } from '@hono/zod-openapi'
import { Hono } from 'hono'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import type { Context } from '../context.ts'
import { parseId } from '../id.ts'
import { findLogo, logoPath, putLogo, removeLogo } from './logo.ts'
import type { Logo } from './logo.ts'

const picture = { schema: z.string().openapi({ format: 'binary' }) }

const logoSchema = z
  .object({ logo_url: z.string(), type: z.string(), width: z.number(), height: z.number() })
  .openapi('MerchantLogo')

const put = createRoute({
  method: 'put',
  path: '/merchant/logo',
  tags: ['Merchant'],
  summary: 'Set the logo that payers see',
  description:
    'The picture itself is the body: a PNG, a JPEG or a WebP of at most 64 KB and 1024 by 1024 pixels, told by its own bytes. A square of 256 pixels is plenty.',
  middleware: needs('merchant:write'),
  request: {
    body: { required: true, content: { 'image/png': picture, 'image/jpeg': picture, 'image/webp': picture } },
  },
  responses: { 200: success(logoSchema, 'The logo'), ...failures },
})

const remove = createRoute({
  method: 'delete',
  path: '/merchant/logo',
  tags: ['Merchant'],
  summary: 'Take the logo away: payers see the first letter of the name again',
  description: 'Safe to repeat.',
  middleware: needs('merchant:write'),
  responses: { 200: success(z.object({ removed: z.literal(true) }), 'There is none now'), ...failures },
})

/** A merchant's logo over HTTP. */
export function logoRoutes() {
  return createRoutes()
    .openapi(put, async (c) => {
      const { context, caller } = c.var
      const logo = await putLogo(context, caller.merchant_id, Buffer.from(await c.req.arrayBuffer()))
      return c.json(succeeded(presentLogo(context, logo)), 200)
    })
    .openapi(remove, async (c) => {
      const { context, caller } = c.var
      await removeLogo(context, caller.merchant_id)
      return c.json(succeeded({ removed: true as const }), 200)
    })
}

function presentLogo({ config }: Context, logo: Logo): z.infer<typeof logoSchema> {
  const { type, width, height } = logo
  return { logo_url: config.publicUrl + logoPath(logo), type, width, height }
}

const forEver = 'public, max-age=31536000, immutable'

/** Logos as pages show them, to anybody: a picture, and to no browser anything else. */
export function logoPictures(context: Context): Hono {
  const routes = new Hono()
  routes.get('/web/logo/:id', async (c) => {
    const id = parseId('mer', c.req.param('id'))
    const logo = id && (await findLogo(context, id))
    if (!logo) return c.notFound()
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Content-Security-Policy', "default-src 'none'; sandbox")
    c.header('ETag', `"${logo.version}"`)
    c.header('Cache-Control', c.req.query('v') === logo.version ? forEver : 'public, max-age=0, must-revalidate')
    if (c.req.header('If-None-Match') === `"${logo.version}"`) return c.body(null, 304)
    return c.body(new Uint8Array(logo.bytes), 200, { 'Content-Type': logo.type })
  })
  return routes
}

import { Hono } from 'hono'
import type { Context as HonoContext } from 'hono'
import { compress } from 'hono/compress'
import type { Asset } from './asset.ts'
import { markPicture } from './mark.ts'
import { deskScript } from './script.ts'
import { stylesheet } from './stylesheet.ts'

const forEver = 'public, max-age=31536000, immutable'

/** The files that pages link to. An address that names the version is kept for ever, any other is asked for again. */
export function webRoutes(): Hono {
  const routes = new Hono()
  routes.use('/web/*', compress())
  routes.get('/web/lango.css', (c) => send(c, stylesheet, 'text/css; charset=utf-8'))
  routes.get('/web/desk.js', (c) => send(c, deskScript, 'text/javascript; charset=utf-8'))
  routes.get('/web/mark.svg', (c) => send(c, markPicture, 'image/svg+xml'))
  return routes
}

function send(c: HonoContext, { text, version }: Asset, type: string): Response {
  const etag = `"${version}"`
  c.header('ETag', etag)
  c.header('Cache-Control', c.req.query('v') === version ? forEver : 'public, max-age=0, must-revalidate')
  c.header('X-Content-Type-Options', 'nosniff')
  // What came compressed has a weak tag.
  if (c.req.header('If-None-Match')?.replace(/^W\//, '') === etag) return c.body(null, 304)
  return c.body(text, 200, { 'Content-Type': type })
}

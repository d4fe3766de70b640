import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { html } from 'hono/html'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { openApi } from './document.ts'
import { readAsset } from '../web/asset.ts'
import type { Html } from '../web/html.ts'
import { readingPage } from '../web/page.ts'
import { errorsBody } from './errors-page.ts'
import { errorReference } from './errors.ts'

const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const typeOf = (file: string) => (extname(file) === '.js' ? 'text/javascript' : 'text/css')

/** Swagger UI in our look, and what begins it. */
const own = {
  'swagger.css': readAsset(new URL('./swagger.css', import.meta.url)),
  'swagger.js': readAsset(new URL('./swagger.js', import.meta.url)),
}

/** The OpenAPI document at `/v1/openapi.json`, the reference at `/docs`, and every error at `/docs/errors`. */
export function referenceRoutes(app: OpenAPIHono<ApiEnvironment>, api: OpenAPIHono<ApiEnvironment>): void {
  let document: unknown
  app.get('/v1/openapi.json', (c) => {
    document ??= openApi(api)
    return c.json(document)
  })
  app.use('/docs/*', ownPage)
  app.get('/docs', (c) => c.html(referencePage()))
  app.get('/docs/errors', (c) => c.html(errorPage()))
  app.get('/docs/assets/:file{swagger[.](js|css)}', (c) => {
    const { text } = own[c.req.param('file') as keyof typeof own]
    return c.body(text, 200, { 'Content-Type': typeOf(c.req.param('file')), 'Cache-Control': 'no-cache' })
  })
  app.get('/docs/assets/:file{swagger-ui(-bundle)?[.](js|css)}', async (c) => {
    const file = c.req.param('file')
    return c.body(await readFile(join(swagger, file)), 200, {
      'Content-Type': typeOf(file),
      'Cache-Control': 'public, max-age=86400',
    })
  })
}

/** Nothing from elsewhere. Swagger UI writes styles into its elements, so that these cannot be named one by one. */
const ownPage: MiddlewareHandler = async (c, next) => {
  await next()
  c.header(
    'Content-Security-Policy',
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
  )
  c.header('X-Content-Type-Options', 'nosniff')
}

const places = [
  { href: '/docs', name: 'Reference' },
  { href: '/docs/errors', name: 'Errors' },
]

function referencePage(): Html {
  return readingPage({
    title: 'Lango API',
    places,
    here: '/docs',
    head: html`<link rel="stylesheet" href="/docs/assets/swagger.css" />
      <script src="/docs/assets/swagger-ui-bundle.js" defer></script>
      <script src="/docs/assets/swagger.js" defer></script>`,
    body: html`<div id="reference"></div>
      <noscript
        ><p class="read soft">The reference needs JavaScript. The document itself is at /v1/openapi.json.</p></noscript
      >`,
  })
}

function errorPage(): Html {
  return readingPage({
    title: 'Errors of the Lango API',
    places,
    here: '/docs/errors',
    body: errorsBody(errorReference),
  })
}

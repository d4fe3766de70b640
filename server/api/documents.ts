import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { html } from 'hono/html'
import type { ApiEnvironment } from './create-routes.ts'
import { problems } from '../problem.ts'

const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png' }

const description = `Lango takes M-Pesa payments and loses none of them.
Authenticate with \`X-API-Key\`. Amounts are shillings: a number or a decimal string in, a decimal string out. Times are ISO 8601 UTC.
In a request, \`null\` means the same as leaving a field out.`

/** The OpenAPI document at `/v1/openapi.json`, the reference at `/docs`, where `/` leads, and every error at `/docs/errors`. */
export function documentRoutes(app: OpenAPIHono<ApiEnvironment>, api: OpenAPIHono<ApiEnvironment>): void {
  let document: unknown
  app.get('/v1/openapi.json', (c) => {
    document ??= openApi(api)
    return c.json(document)
  })
  // Whoever opens the bare address looks for something to read.
  app.get('/', (c) => c.redirect('/docs'))
  app.get('/docs', (c) => c.html(reference))
  app.get('/docs/errors', (c) => c.html(errorPage()))
  app.get('/docs/assets/:file{swagger-ui(-bundle)?[.](js|css)}', async (c) => {
    const file = c.req.param('file')
    return c.body(await readFile(join(swagger, file)), 200, {
      'Content-Type': types[extname(file)]!,
      'Cache-Control': 'public, max-age=86400',
    })
  })
}

function openApi(api: OpenAPIHono<ApiEnvironment>) {
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Lango', version: '0.1.0', description },
    servers: [{ url: '/v1' }],
    security: [{ apiKey: [] }, { bearer: [] }],
  })
  return {
    ...document,
    components: {
      ...document.components,
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

const reference = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <title>Lango API</title>
      <link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
    </head>
    <body>
      <div id="reference"></div>
      <script src="/docs/assets/swagger-ui-bundle.js"></script>
      <script>
        SwaggerUIBundle({ url: '/v1/openapi.json', dom_id: '#reference', deepLinking: true })
      </script>
    </body>
  </html>`

function errorPage() {
  const rows = Object.entries(problems).map(
    ([code, [status, sentence]]) =>
      html`<tr id="${code}">
        <td><code>${code}</code></td>
        <td>${status}</td>
        <td>${sentence}</td>
      </tr>`,
  )
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>Errors of the Lango API</title>
        <link rel="stylesheet" href="/web/lango.css" />
      </head>
      <body>
        <main class="main">
          <h1>Errors</h1>
          <section class="sheet">
            <table class="rows">
              <thead>
                <tr>
                  <th>Code</th>
                  <th>Status</th>
                  <th>What it means</th>
                </tr>
              </thead>
              <tbody>
                ${rows}
              </tbody>
            </table>
          </section>
        </main>
      </body>
    </html>`
}

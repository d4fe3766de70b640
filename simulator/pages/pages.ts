import { Hono } from 'hono'
import { ownOriginOnly } from '../own-origin.ts'
import { faultRoutes } from './fault-routes.ts'
import { home } from './home.ts'
import { layout, mark, stylesheet } from './layout.ts'
import type { Stage } from './live.ts'
import { phoneRoutes } from './phone-routes.ts'

/** The pages for people: what this is, the phones, the faults. */
export function pages(stage: Stage): Hono {
  const app = new Hono()
  for (const path of ['/phone/*', '/faults/*'])
    app.use(
      path,
      ownOriginOnly((c, sentence) => c.text(sentence, 403)),
    )
  app.get('/', (c) =>
    c.html(layout({ title: 'M-Pesa simulator', path: '/', content: home(new URL(c.req.url).origin) })),
  )
  app.route('/phone', phoneRoutes(stage))
  app.route('/faults', faultRoutes(stage))
  app.get('/simulator.css', (c) => c.body(stylesheet, 200, { 'Content-Type': 'text/css' }))
  app.get('/simulator.svg', (c) => c.body(mark, 200, { 'Content-Type': 'image/svg+xml' }))
  return app
}

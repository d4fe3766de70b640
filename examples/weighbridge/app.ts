import { readFileSync } from 'node:fs'
import { verifyWebhook, LangoError } from '@lango/client'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'
import { readCase } from './case/case.ts'
import { hear } from './case/hear.ts'
import { reweigh } from './case/reweigh.ts'
import { comeBack, settle } from './case/settle.ts'
import { caseOf, Refusal } from './case/station.ts'
import type { Station } from './case/station.ts'
import { weigh } from './case/weigh.ts'
import { casePage } from './pages/case-page.ts'
import { refusalPage } from './pages/page.ts'
import { weighPage } from './pages/weigh-page.ts'

const asset = (name: string) => readFileSync(`${import.meta.dirname}/pages/${name}`, 'utf8')
const numberOf = (c: Context) => Number(c.req.param('number'))

/** The pages of the weighbridge, and where Lango tells it what was paid. */
export function createApp(station: Station, webhookSecret: string): Hono {
  const app = new Hono()
  // The body stays raw, because what was signed are its bytes.
  app.post('/lango', async (c) => {
    const event = await verifyWebhook(await c.req.text(), c.req.raw.headers, webhookSecret)
    await hear(station, event)
    return c.body(null, 204)
  })
  app.use(
    secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"], formAction: ["'self'", 'https:', 'http:'] } }),
  )
  app.use(csrf())
  app.get('/weighbridge.css', (c) => c.body(asset('weighbridge.css'), 200, { 'Content-Type': 'text/css' }))
  app.get('/live.js', (c) => c.body(asset('live.js'), 200, { 'Content-Type': 'text/javascript' }))

  app.get('/', (c) => {
    const numbers = station.store.latest(20)
    return c.html(
      weighPage(
        station,
        numbers.flatMap((number) => readCase(number, station.store.read(number)) ?? []),
      ),
    )
  })
  app.post('/weigh', async (c) => {
    const { plate = '', vehicle = '', name = '', id_number = '', phone = '' } = await formOf(c)
    return c.redirect(`/cases/${weigh(station, { plate, vehicle, driver: { name, id_number, phone } })}`, 303)
  })
  app.get('/cases/:number', (c) => c.html(casePage(station, caseOf(station, numberOf(c)))))
  app.post('/cases/:number/settle', async (c) => {
    const { name = '', id_number = '' } = await formOf(c)
    return c.redirect(await settle(station, numberOf(c), { name, id_number }), 303)
  })
  app.get('/cases/:number/back', async (c) => {
    await comeBack(station, numberOf(c))
    return c.redirect(`/cases/${numberOf(c)}`, 303)
  })
  app.post('/cases/:number/reweigh', (c) => {
    reweigh(station, numberOf(c))
    return c.redirect(`/cases/${numberOf(c)}`, 303)
  })
  app.onError((error, c) => {
    const isTold = error instanceof Refusal || error instanceof LangoError
    if (!isTold) console.error(error)
    const back = c.req.path.startsWith('/cases/') ? `/cases/${numberOf(c) || ''}` : '/'
    return c.html(
      refusalPage(isTold ? error.message : 'Something went wrong here. Try again.', back),
      isTold ? 400 : 500,
    )
  })
  return app
}

async function formOf(c: Context): Promise<Record<string, string>> {
  const entries = Object.entries(await c.req.parseBody())
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'string' ? value : '']))
}

import { Hono } from 'hono'
import type { Context } from 'hono'
import { againLater, dropCallback } from './callbacks.ts'
import { certificate } from './daraja/certificate.ts'
import { askAccountName } from './daraja/hakikisha-c2b.ts'
import { reverseAtPortal } from './daraja/reverse-payment.ts'
import { presentFaults } from './faults.ts'
import { pickUp, presentPhone } from './handset.ts'
import { isObject } from './is-object.ts'
import { presentLedger } from './ledger.ts'
import { presentLog } from './log.ts'
import { readMenuPayment } from './menu.ts'
import { allOrganisations, setOrganisation } from './organisation.ts'
import { allBills } from './pesaflow/bill.ts'
import { allClients, setClient } from './pesaflow/client.ts'
import { allPhones, setPhone } from './phone.ts'
import type { Answer } from './prompt.ts'
import { ownOriginOnly } from './own-origin.ts'
import { answerPrompt, openPrompts } from './prompts.ts'
import { setFaults } from './set-faults.ts'
import { changeSettings } from './settings.ts'
import { statementCsv, statementXlsx } from './statement/file.ts'
import type { World } from './world.ts'

/** The control API under `/_`: what a test or a page may see and do that Daraja knows nothing of. */
export function control(world: World, reset: () => void): Hono {
  const app = new Hono()
  app.use(ownOriginOnly((c, error) => c.json({ error }, 403)))

  app.get('/phones', (c) => c.json(allPhones(world).map((phone) => presentPhone(world, phone))))
  app.put('/phones/:msisdn', async (c) => {
    const phone = setPhone(world, c.req.param('msisdn'), await bodyOf(c))
    return c.json(presentPhone(world, phone))
  })

  app.post('/phones/:msisdn/pay', async (c) =>
    c.json(await pickUp(world, c.req.param('msisdn')).pay(readMenuPayment(await bodyOf(c)))),
  )

  app.get('/prompts', (c) => c.json(openPrompts(world)))
  app.post('/prompts/:id/answer', async (c) => {
    const outcome = answerPrompt(world, c.req.param('id'), readAnswer(await bodyOf(c)))
    if (outcome !== undefined) return c.json(outcome)
    return c.json({ error: `No prompt ${c.req.param('id')} is open. GET /_/prompts lists those that are.` }, 404)
  })

  app.get('/organisations', (c) => c.json(allOrganisations(world)))
  app.put('/organisations/:shortcode', async (c) =>
    c.json(setOrganisation(world, c.req.param('shortcode'), await bodyOf(c))),
  )

  app.get('/pesaflow/clients', (c) => c.json(allClients(world)))
  app.put('/pesaflow/clients/:id', async (c) => c.json(setClient(world, c.req.param('id'), await bodyOf(c))))
  app.get('/pesaflow/bills', (c) => c.json(allBills(world)))

  app.get('/faults', (c) => c.json(presentFaults(world.faults)))
  app.put('/faults', async (c) => {
    setFaults(world, await bodyOf(c))
    return c.json(presentFaults(world.faults))
  })

  app.get('/settings', (c) => c.json(world.settings))
  app.put('/settings', async (c) => {
    changeSettings(world.settings, await bodyOf(c))
    world.changed('settings')
    return c.json(world.settings)
  })

  app.route('/log', logRoutes(world))

  app.get('/ledger', (c) => c.json(presentLedger(world)))
  app.get('/statement.csv', (c) => {
    const { encoding = 'utf-8' } = c.req.query()
    const charset = { cp1252: 'windows-1252', 'utf-16': 'UTF-16LE' }[encoding] ?? 'UTF-8'
    return c.body(new Uint8Array(statementCsv(world, c.req.query())), 200, {
      'Content-Type': `text/csv; charset=${charset}`,
    })
  })
  app.get('/statement.xlsx', (c) =>
    c.body(new Uint8Array(statementXlsx(world, c.req.query())), 200, {
      'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    }),
  )
  app.post('/reverse', async (c) => c.json(reverseAtPortal(world, await bodyOf(c))))
  app.post('/hakikisha', async (c) => c.json(await askAccountName(world, await bodyOf(c))))
  app.get('/certificate', (c) => c.text(certificate(world)))

  app.post('/reset', (c) => {
    reset()
    return c.json({ ok: true })
  })

  app.notFound((c) => c.json({ error: `There is no ${c.req.method} ${c.req.path} in the control API.` }, 404))
  // Whatever the verbs refuse, they refuse with a sentence for whoever asked.
  app.onError((error, c) => c.json({ error: error.message }, 400))
  return app
}

/** What came in and went out, and callbacks sent once more or not at all. */
function logRoutes(world: World): Hono {
  const app = new Hono()
  app.get('/', (c) => c.json(presentLog(world.log)))
  app.post('/:id/resend', async (c) => {
    const { delay_ms = 0 } = await bodyOf(c)
    if (typeof delay_ms !== 'number' || !(delay_ms >= 0))
      throw new Error('delay_ms must be a number of milliseconds, 0 or more.')
    void againLater(world, c.req.param('id'), delay_ms)
    return c.json({ ok: true }, 202)
  })
  app.post('/:id/drop', (c) => {
    dropCallback(world, c.req.param('id'))
    return c.json({ ok: true })
  })
  return app
}

const isJson = /^application\/json\b/i

/** The body as an object; an empty one counts as {}. A form, or a text, is none: any site may post these without asking. */
async function bodyOf(c: Context): Promise<Record<string, unknown>> {
  const text = await c.req.text()
  if (text.trim() === '') return {}
  if (!isJson.test(c.req.header('Content-Type') ?? ''))
    throw new Error('Send JSON, with the header Content-Type: application/json.')
  const body = parse(text)
  if (!isObject(body)) throw new Error('The body must be a JSON object.')
  return body
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('The body is not JSON.')
  }
}

function readAnswer(body: Record<string, unknown>): Answer {
  const { pin, cancel, ...rest } = body
  if (Object.keys(rest).length === 0) {
    if (typeof pin === 'string' && cancel === undefined) return { kind: 'pin', pin }
    if (cancel === true && pin === undefined) return { kind: 'cancelled' }
  }
  throw new Error('Answer a prompt with {"pin": "1234"} or {"cancel": true}.')
}

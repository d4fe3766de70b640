import { Hono } from 'hono'
import type { Context } from 'hono'
import { againLater, dropCallback } from '../callbacks.ts'
import { readMsisdn } from '../msisdn.ts'
import { setFaults } from '../set-faults.ts'
import type { World } from '../world.ts'
import { faultPage } from './fault-page.ts'
import { readForm } from './form.ts'
import { layout } from './layout.ts'
import { follow } from './live.ts'
import type { Stage } from './live.ts'
import { logRows } from './log-rows.ts'
import type { Filter } from './log-rows.ts'
import { ruleList } from './rules.ts'
import type { RefusedRule } from './rules.ts'

/** The faults and the log: their page, its changes as they happen, and what people do with them. */
export function faultRoutes({ world, subscribe, reset }: Stage): Hono {
  const app = new Hono()

  app.get('/', (c) => c.html(page(world, c)))
  app.get('/live', (c) => {
    const filter = filterOf(c)
    return follow({ world, subscribe }, () => [ruleList(world.faults), ...logRows(world, filter)])
  })

  app.post('/rules', async (c) => {
    const typed = await readForm(c)
    const { seed, rules } = world.faults
    return carryOut(world, c, typed, () => setFaults(world, { seed, rules: [...rules, ruleOf(typed)] }))
  })
  app.post('/rules/:index/remove', (c) => {
    const { seed, rules } = world.faults
    const removed = Number(c.req.param('index'))
    return carryOut(world, c, {}, () =>
      setFaults(world, { seed, rules: rules.filter((_, index) => index !== removed) }),
    )
  })
  app.post('/seed', async (c) => {
    const { seed = '' } = await readForm(c)
    const { rules } = world.faults
    return carryOut(world, c, {}, () => setFaults(world, { seed: seed.trim() === '' ? null : seed.trim(), rules }))
  })
  app.post('/reset', (c) => carryOut(world, c, {}, reset))

  app.post('/log/:id/again', (c) => carryOut(world, c, {}, () => void againLater(world, c.req.param('id'), 0)))
  app.post('/log/:id/late', async (c) => {
    const { late_seconds = '' } = await readForm(c)
    const delayMs = Number(late_seconds) * 1000
    return carryOut(world, c, {}, () => {
      if (late_seconds.trim() === '' || !(delayMs >= 0)) throw new Error('Say after how many seconds to send it.')
      void againLater(world, c.req.param('id'), delayMs)
    })
  })
  app.post('/log/:id/drop', (c) => carryOut(world, c, {}, () => dropCallback(world, c.req.param('id'))))

  return app
}

/** Does what a form asks, and shows the page; or shows why not. */
function carryOut(world: World, c: Context, typed: Record<string, string>, run: () => void) {
  try {
    run()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return c.html(page(world, c, { sentence: error.message, typed }), 400)
  }
  return c.redirect('/faults', 303)
}

function page(world: World, c: Context, refused?: RefusedRule) {
  const filter = filterOf(c)
  const query = new URLSearchParams({ 'only-api': filter.api, 'only-phone': filter.msisdn })
  return layout({
    title: 'Faults',
    path: '/faults',
    content: faultPage({
      plan: world.faults,
      rows: logRows(world, filter),
      filter,
      origin: new URL(c.req.url).origin,
      ...(refused && { refused }),
    }),
    live: { url: `/faults/live?${query}`, now: world.clock.now() },
  })
}

/** A phone that is none is looked for as it was typed, and so not found. */
function filterOf(c: Context): Filter {
  const phone = c.req.query('only-phone')?.trim() ?? ''
  return { api: c.req.query('only-api') ?? '', msisdn: readMsisdn(phone) ?? phone }
}

function ruleOf({ fault, api, msisdn = '', percent = '', seconds = '' }: Record<string, string>) {
  return {
    fault,
    api,
    probability: percent.trim() === '' ? NaN : Number(percent) / 100,
    ...(msisdn.trim() !== '' && { msisdn }),
    ...(seconds.trim() !== '' && { delay_ms: Number(seconds) * 1000 }),
  }
}

import { Hono } from 'hono'
import { html } from 'hono/html'
import { accountsOf } from '../accounts.ts'
import { listAttention } from '../../attention/list.ts'
import { listPayments } from '../../payments/find.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { environmentOf } from '../may.ts'
import { entry, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { findFigures, isNew } from './figures.ts'
import { firstSteps } from './first-steps.ts'
import { overviewBody } from './overview-page.ts'
import { periodChoice } from './period-choice.ts'
import { readPeriod } from './period.ts'
import type { Period } from './period.ts'
import { showDay } from '../../web/parts/time.ts'

const latestShown = 6
const neededShown = 4

/** The overview, `/`. */
export function overviewRoutes() {
  return new Hono<SignedInEnvironment>().get('/', entry('totals:read'), look)
}

async function look(c: DeskContext): Promise<Response> {
  const { context } = c.var
  if (isFollowing(c)) return tellPart(c, () => inner(c))
  const now = context.clock.now()
  const period = periodOf(c)
  return show(c, {
    place: '/',
    title: 'Overview',
    head: { title: nameOf(period) },
    body: html`${periodChoice(period, now)}
    ${period.isToday ? await livePart(c, 'overview', await inner(c)) : await inner(c)}`,
  })
}

async function inner(c: DeskContext) {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  if (await isNew(context, caller)) {
    const accounts = await accountsOf(context, caller)
    const hasOwnAccount = accounts.some(({ environment }) => environment !== 'simulator')
    return firstSteps({ signedIn, url: context.config.publicUrl, hasOwnAccount })
  }
  const period = periodOf(c)
  const [figures, needed, latest] = await Promise.all([
    findFigures(context, { merchant_id, mode }, period),
    listAttention(context, { ...caller, filter: environmentOf(signedIn), limit: neededShown }),
    listPayments(context, { merchant_id, mode, filter: environmentOf(signedIn), limit: latestShown }),
  ])
  return overviewBody({ signedIn, period, figures, needed: needed.rows, latest: latest.rows, now: context.clock.now() })
}

function periodOf(c: DeskContext): Period {
  const [from, until] = [c.req.query('from'), c.req.query('until')]
  return readPeriod({ ...(from && { from }), ...(until && { until }) }, c.var.context.clock.now())
}

function nameOf({ isToday, days, from, until }: Period): string {
  if (isToday) return 'Today'
  const last = new Date(until.getTime() - 1)
  return days === 1 ? showDay(from, 'en') : `${showDay(from, 'en')} – ${showDay(last, 'en')}`
}

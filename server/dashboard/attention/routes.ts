import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { listAudit } from '../../access/audit.ts'
import type { AuditRow } from '../../access/audit.ts'
import { textSchema } from '../../api/schema.ts'
import { cursorOf, listAttention, readCursor } from '../../attention/list.ts'
import { resolveAttention } from '../../attention/resolve.ts'
import { findCandidatesOf } from '../../money-in/find.ts'
import { Problem } from '../../problem.ts'
import { sayAgo } from '../../web/parts/time.ts'
import { readForm, refusedBy } from '../form.ts'
import type { Refused } from '../form.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { namesOf } from '../../people/names.ts'
import { environmentOf } from '../may.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { attentionBody, decidedBody } from './attention-page.ts'
import type { AttentionView } from './attention-page.ts'
import { fieldsOf } from '../own-form.ts'

const shown = 30
const decidedShown = 100

/** All that needs a person, `/attention`. */
export function attentionPages() {
  return new Hono<SignedInEnvironment>()
    .use('/attention', entry('totals:read'))
    .use('/attention/*', entry('totals:read'))
    .get('/attention', look)
    .get('/attention/decided', lookAtDecided)
    .post('/attention/:id/resolve', resolve)
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => attentionBody(await viewOf(c)))
  return showView(c)
}

async function showView(c: DeskContext, refused?: { refused: Refused; status: number }): Promise<Response> {
  const view = await viewOf(c, refused?.refused)
  const body = attentionBody(view)
  return show(
    c,
    {
      place: '/attention',
      title: 'Needs attention',
      head: {
        title: 'Needs attention',
        lead: 'Newest first. Each waits until one of you decides.',
        actions: html`<a class="may" href="/attention/decided">Already decided</a>`,
      },
      body: refused ? body : await livePart(c, 'attention', body),
    },
    refused?.status,
  )
}

async function viewOf(c: DeskContext, refused?: Refused): Promise<AttentionView> {
  const { context, caller, signedIn } = c.var
  const cursor = c.req.method === 'GET' ? c.req.query('cursor') : undefined
  const after = cursor ? readCursor(cursor) : undefined
  const found = await listAttention(context, {
    ...caller,
    filter: environmentOf(signedIn),
    limit: shown,
    ...(after && { after }),
  })
  const money = found.rows.filter(({ kind }) => kind === 'money_in')
  const candidates = await findCandidatesOf(context, {
    merchant_id: caller.merchant_id,
    ids: money.map(({ id }) => id),
  })
  const last = found.hasMore ? found.rows.at(-1) : undefined
  return {
    signedIn,
    items: found.rows,
    candidates,
    next: last && cursorOf(last),
    isLater: after !== undefined,
    open: c.req.query('open'),
    refused,
    now: context.clock.now(),
  }
}

const resolution = z.object({ note: textSchema(1_000) })

async function resolve(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const id = c.req.param('id') ?? ''
  const typed = await fieldsOf(c)
  try {
    const { value } = await readForm(c, id, resolution)
    const { reasons } = await c.req.parseBody({ all: true })
    const seen = [reasons].flat().filter((reason): reason is string => typeof reason === 'string')
    await resolveAttention(context, caller, { id, note: value.note, ...(seen.length > 0 && { reasons: seen }) })
    return goOn(c, '/attention?done=resolved')
  } catch (error) {
    const isGone = error instanceof Problem && error.code === 'not_found'
    return showView(c, isGone ? await whoWasFaster(c, id) : refusedBy(error, id, typed))
  }
}

/** What somebody else has decided about it meanwhile. */
async function whoWasFaster(c: DeskContext, subject: string): Promise<{ refused: Refused; status: number }> {
  const { context, caller } = c.var
  const { rows } = await listAudit(context, {
    merchant_id: caller.merchant_id,
    filter: { action: 'attention.resolved', subject },
    limit: 1,
  })
  const [last] = rows
  const name = last && (await namesOf(context, [last.actor]))(last.actor)
  const since = last && sayAgo(last.at, context.clock.now(), 'en')
  const message = last
    ? `${name} was faster, ${since}: “${noteOf(last)}”. It needs nobody any more.`
    : 'It needs nobody any more: what was learnt since has answered it.'
  return { refused: { form: 'gone', typed: {}, wrong: {}, message }, status: 409 }
}

async function lookAtDecided(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id } = caller
  const { rows } = await listAudit(context, {
    merchant_id,
    filter: { action: 'attention.resolved' },
    limit: decidedShown,
  })
  const nameOf = await namesOf(
    context,
    rows.map(({ actor }) => actor),
  )
  const list = rows.map(({ id, at, actor, subject, details }) => ({
    id,
    at,
    by: nameOf(actor),
    subject: subject ?? '',
    note: noteOf({ details }),
    reasons: Array.isArray(details['reasons']) ? details['reasons'].map(String) : [],
  }))
  return show(c, {
    place: '/attention',
    title: 'Already decided',
    head: { title: 'Already decided', back: { href: '/attention', name: 'Needs attention' } },
    body: decidedBody(list, context.clock.now()),
  })
}

function noteOf({ details }: Pick<AuditRow, 'details'>): string {
  const { note } = details
  return typeof note === 'string' ? note : ''
}

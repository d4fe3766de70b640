import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { listAudit } from '../../access/audit.ts'
import { sinceSchema, untilSchema } from '../../api/time.ts'
import { empty } from '../../web/parts/empty.ts'
import { listPart, rowsShown } from '../list-part.ts'
import { namesOf } from '../../people/names.ts'
import { readQuery } from '../query.ts'
import { entry, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { actionKinds } from '../../access/action-words.ts'
import { auditColumns, auditFilter } from './audit-page.ts'

const filterParams = {
  kind: z.enum(actionKinds.map(([kind]) => kind)).optional(),
  since: sinceSchema.optional(),
  until: untilSchema.optional(),
}

/** Who did what, `/audit`, for owners. */
export function auditPages() {
  return new Hono<SignedInEnvironment>().get('/audit', entry('audit:read'), look)
}

async function look(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { filter, typed, wrong, before } = readQuery(c, filterParams, 'aud')
  const { kind, ...within } = filter
  const asked = { ...within, ...(kind && { kind }) }
  const listing = { merchant_id: caller.merchant_id, filter: asked, limit: rowsShown, ...(before && { before }) }
  const found = await listAudit(context, listing)
  const actors = found.rows.flatMap(({ actor, subject }) => [actor, `user:${subject}`])
  const list = listPart({
    caption: 'What was done, newest first',
    prefix: 'aud',
    path: '/audit',
    typed,
    wrong,
    columns: auditColumns(await namesOf(context, [...new Set(actors)]), context.clock.now()),
    found,
    isLater: before !== undefined,
    none: empty({ title: 'Nothing was done yet.', words: 'Whatever somebody does by hand stands here, and stays.' }),
    noneFits: 'Nothing of the kind was done.',
  })
  const head = {
    title: 'Audit log',
    lead: 'Who did what, by hand or by a key. Nothing here is ever changed or removed.',
  }
  return show(c, {
    place: '/audit',
    title: 'Audit log',
    head,
    body: html`<section>${auditFilter(typed)}</section>
      ${list}`,
  })
}

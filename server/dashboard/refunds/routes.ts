import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { listAudit } from '../../access/audit.ts'
import { sinceSchema, untilSchema } from '../../api/time.ts'
import { listEvidence } from '../../evidence/list.ts'
import { parseId, showId } from '../../id.ts'
import { Problem } from '../../problem.ts'
import { findRefund, listRefunds } from '../../refunds/find.ts'
import type { Refund } from '../../refunds/refund.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import { pageHead } from '../../web/page.ts'
import { toShillings } from '../../money.ts'
import { accountColumn, csvLink, csvTime } from '../csv.ts'
import type { CsvColumn } from '../csv.ts'
import { badgeOf } from '../may.ts'
import { listPart } from '../list-part.ts'
import { downloadFor, isBare, listedFor } from '../listed.ts'
import type { Listed } from '../listed.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { namesOf } from '../../people/names.ts'
import { entry, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { statusChoice } from '../status-choice.ts'
import { refundColumns } from './columns.ts'
import { refundBody, refundHead } from './refund-page.ts'

const filterParams = {
  status: z.enum(['pending', 'completed', 'failed']).optional(),
  since: sinceSchema.optional(),
  until: untilSchema.optional(),
}

/** What went back, `/refunds`, and each refund. */
export function refundPages() {
  return new Hono<SignedInEnvironment>()
    .use('/refunds', entry('totals:read'))
    .use('/refunds/*', entry('totals:read'))
    .get('/refunds', look)
    .get('/refunds.csv', entry('totals:read'), download)
    .get('/refunds/:id', lookAtOne)
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => refundRows(await listedFor(c, refunds)))
  const list = await listedFor(c, refunds)
  return show(c, {
    place: '/refunds',
    title: 'Refunds',
    head: {
      title: 'Refunds',
      lead: 'A refund begins at its payment.',
      ...(!isBare(list) && { actions: csvLink('/refunds', list.typed) }),
    },
    body: html`${isBare(list) ? '' : statusChoice('/refunds', list.typed, statuses)}
    ${await livePart(c, 'refunds', refundRows(list))}`,
  })
}

const statuses = [
  ['', 'All'],
  ['pending', 'On its way'],
  ['completed', 'Went back'],
  ['failed', 'Did not go'],
] as const

const refunds = { params: filterParams, prefix: 'ref', list: listRefunds } as const

function refundRows({ now, ...listed }: Listed<Refund>): Html {
  return listPart({
    ...listed,
    caption: 'Refunds, newest first',
    prefix: 'ref',
    path: '/refunds',
    columns: refundColumns(now),
    none: empty({
      title: 'Nothing went back yet.',
      words:
        'Open a payment, or money that is nobody’s, to send it back. Refunds made at M-Pesa’s portal appear here too.',
      action: html`<a class="may" href="/payments?status=completed">Payments that were paid</a>`,
    }),
    noneFits: 'No refund is like that.',
  })
}

function download(c: DeskContext): Response {
  return downloadFor(c, refunds, { name: 'refunds', columns: refundExport })
}

const refundExport: CsvColumn<Refund>[] = [
  ['Date (Nairobi)', ({ completed_at, created_at }) => csvTime(completed_at ?? created_at)],
  ['M-Pesa code', ({ provider_receipt }) => provider_receipt ?? ''],
  ['Of the code', ({ payment_receipt }) => payment_receipt],
  [
    'Status',
    ({ status }) =>
      ({ created: 'On its way', pending: 'On its way', completed: 'Went back', failed: 'Did not go' })[status],
  ],
  ['Refund (KSh)', ({ amount_cents }) => toShillings(amount_cents)],
  ['Why', ({ reason }) => reason ?? ''],
  ['Made at', ({ origin }) => ({ api: 'API', dashboard: 'Dashboard', portal: 'M-Pesa portal' })[origin]],
  accountColumn,
  ['Payment', ({ payment_id }) => (payment_id ? showId('pay', payment_id) : '')],
  ['Refund', ({ id }) => showId('ref', id)],
]

async function lookAtOne(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, () => inner(c))
  return show(c, { place: '/refunds', title: 'Refund', body: await livePart(c, 'refund', await inner(c)) })
}

async function inner(c: DeskContext) {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const id = parseId('ref', c.req.param('id') ?? '')
  if (!id) throw new Problem('not_found', 'There is no such refund here.')
  const refund = await findRefund(context, { merchant_id, mode, id })
  const [evidence, audit] = await Promise.all([
    listEvidence(context, refund),
    listAudit(context, { merchant_id, filter: { action: 'refund.created', subject: showId('ref', id) }, limit: 1 }),
  ])
  const actor = audit.rows[0]?.actor
  const by = actor && (await namesOf(context, [actor]))(actor)
  const view = { signedIn, refund, evidence, by: by || undefined }
  return html`${pageHead(refundHead(view), badgeOf(signedIn))} ${refundBody(view)}`
}

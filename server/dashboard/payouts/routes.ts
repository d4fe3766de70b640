import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { sinceSchema, untilSchema } from '../../api/time.ts'
import { textSchema } from '../../api/schema.ts'
import { listEvidence } from '../../evidence/list.ts'
import { parseId, showId } from '../../id.ts'
import { approvePayout, rejectPayout } from '../../payouts/approve.ts'
import { listBatches } from '../../payouts/batch.ts'
import { findPayout, listPayouts } from '../../payouts/find.ts'
import { payoutSchema } from '../../payouts/payout.ts'
import type { Payout } from '../../payouts/payout.ts'
import { Problem } from '../../problem.ts'
import { empty } from '../../web/parts/empty.ts'
import { table } from '../../web/parts/table.ts'
import { pageHead } from '../../web/page.ts'
import { answerForm } from '../answer-form.ts'
import { asSeen } from '../as-seen.ts'
import { accountColumn, csvLink, csvTime } from '../csv.ts'
import type { CsvColumn } from '../csv.ts'
import type { DeskContext } from '../desk-context.ts'
import { readForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { listPart } from '../list-part.ts'
import { downloadFor, isBare, listedFor } from '../listed.ts'
import type { Listed } from '../listed.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { badgeOf, may, environmentOf } from '../may.ts'
import { namesOf } from '../../people/names.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { SignedIn, SignedInEnvironment } from '../signed-in.ts'
import { statusChoice } from '../status-choice.ts'
import { formatKes, toShillings } from '../../money.ts'
import { when } from '../when.ts'
import { counted, failureWords, phoneFor } from '../words.ts'
import { batchStatus } from './batch-page.ts'
import { batchPages } from './batch-routes.ts'
import { newPayoutPages } from './new-routes.ts'
import { payoutColumns } from './columns.ts'
import { payoutBody, payoutHead } from './payout-page.ts'
import { confirmAgain, passwordName } from '../step-up.ts'
import { passwordOf } from './password.ts'

const filterParams = {
  status: payoutSchema.shape.status.optional(),
  since: sinceSchema.optional(),
  until: untilSchema.optional(),
  search: textSchema(100).optional(),
}
const batchesShown = 5

/** What goes out, `/payouts`: each payout, and batches of them. */
export function payoutPages() {
  return new Hono<SignedInEnvironment>()
    .use('/payouts', entry('payouts:read'))
    .use('/payouts/*', entry('payouts:read'))
    .route('/', batchPages())
    .route('/', newPayoutPages())
    .get('/payouts', look)
    .get('/payouts.csv', entry('payouts:read'), download)
    .get('/payouts/:id', lookAtOne)
    .post('/payouts/:id/approve', entry('payouts:write'), asSeen(), approve)
    .post('/payouts/:id/reject', entry('payouts:write'), asSeen(), reject)
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => rowsOf(c, await listedFor(c, payouts)))
  const list = await listedFor(c, payouts)
  return show(c, {
    place: '/payouts',
    title: 'Payouts',
    head: {
      title: 'Payouts',
      lead: 'Money that goes out: wages, refunds by hand, suppliers.',
      actions: html`${
        may(c.var.signedIn, 'payouts:write')
          ? html`<a class="may firm" href="/payouts/new">Pay somebody…</a>
              <a class="may" href="/payouts/batches/new">Pay many…</a>`
          : ''
      }
      ${isBare(list) ? '' : csvLink('/payouts', list.typed)}`,
    },
    body: html`${isBare(list) ? '' : statusChoice('/payouts', list.typed, statuses)}
    ${await livePart(c, 'payouts', await rowsOf(c, list))}`,
  })
}

const statuses = [
  ['', 'All'],
  ['awaiting_approval', 'To approve'],
  ['pending', 'On their way'],
  ['completed', 'Arrived'],
  ['failed', 'Did not go'],
  ['returned', 'Came back'],
] as const

const payouts = { params: filterParams, prefix: 'pot', list: listPayouts } as const

async function rowsOf(c: DeskContext, { now, ...listed }: Listed<Payout>) {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const filter = environmentOf(signedIn)
  const batches = await listBatches(context, { merchant_id, mode, filter, limit: batchesShown })
  const list = listPart({
    ...listed,
    caption: 'Payouts, newest first',
    prefix: 'pot',
    path: '/payouts',
    columns: payoutColumns(signedIn, now),
    none: empty({
      title: 'Nothing goes out yet.',
      words:
        'One is asked for by a form, or many from a CSV, and another of you approves. Before the first, an owner sets how much may go out in a day.',
      ...(may(signedIn, 'team:write') && { action: html`<a class="may" href="/settings">Set the limit of a day</a>` }),
    }),
    noneFits: 'No payout is like that.',
  })
  if (batches.rows.length === 0 || Object.keys(listed.typed).length > 0 || listed.isLater) return list
  return html`<section class="sheet">
      <header><h2>Batches</h2></header>
      ${table(
        'Batches of payouts, newest first',
        [
          {
            name: 'KSh',
            look: 'money',
            show: (batch) =>
              html`<a href="/payouts/batches/${showId('bat', batch.id)}"><b>${formatKes(batch.total_cents)}</b></a>`,
          },
          { name: 'Status', show: batchStatus },
          {
            name: 'For',
            look: 'words',
            show: ({ name, count }) => `${name ?? 'A batch'}, ${counted(count, 'payout')}`,
          },
          {
            name: 'Asked for',
            look: 'num',
            isExtra: true,
            show: ({ created_at }) => html`<span class="soft">${when(created_at, now)}</span>`,
          },
        ],
        batches.rows,
      )}
    </section>
    ${list}`
}

function download(c: DeskContext): Response {
  return downloadFor(c, payouts, { name: 'payouts', columns: payoutExport(c.var.signedIn) })
}

const statusNames = {
  awaiting_approval: 'To approve',
  created: 'On its way',
  pending: 'On its way',
  completed: 'Arrived',
  returned: 'Came back',
} as const

const payoutExport = (signedIn: SignedIn): CsvColumn<Payout>[] => [
  ['Date (Nairobi)', ({ paid_at, completed_at, created_at }) => csvTime(paid_at ?? completed_at ?? created_at)],
  ['M-Pesa code', ({ provider_receipt }) => provider_receipt ?? ''],
  ['Status', ({ status, failure_code }) => (status === 'failed' ? failureWords(failure_code) : statusNames[status])],
  ['Amount (KSh)', ({ amount_cents }) => toShillings(amount_cents)],
  ['Charge (KSh)', () => ''],
  ['Receiver', ({ receiver_name }) => receiver_name ?? ''],
  ['Phone', ({ phone }) => phoneFor(signedIn, phone)],
  ['Short code', ({ shortcode }) => shortcode ?? ''],
  ['For', ({ remarks }) => remarks ?? ''],
  ['Own reference', ({ external_reference }) => external_reference ?? ''],
  accountColumn,
  ['Payout', ({ id }) => showId('pot', id)],
]

async function lookAtOne(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, () => inner(c))
  return show(c, { place: '/payouts', title: 'Payout', body: await livePart(c, 'payout', await inner(c)) })
}

async function inner(c: DeskContext, refused?: Refused) {
  const { context, signedIn } = c.var
  const payout = await named(c)
  const [evidence, nameOf] = await Promise.all([listEvidence(context, payout), namesOf(context, [payout.created_by])])
  const view = { signedIn, payout, evidence, nameOf, password: passwordOf(context, refused), refused }
  return html`${pageHead(payoutHead(view), badgeOf(signedIn))} ${payoutBody(view)}`
}

/** The payout that the address names. @throws a Problem when there is none of this business. */
function named(c: DeskContext): Promise<Payout> {
  const { context, caller } = c.var
  const id = parseId('pot', c.req.param('id') ?? '')
  if (!id) throw new Problem('not_found', 'There is no such payout here.')
  return findPayout(context, { merchant_id: caller.merchant_id, mode: caller.mode, id })
}

const again = (c: DeskContext) => async (refused: Refused, status: number) =>
  show(c, { place: '/payouts', title: 'Payout', body: await inner(c, refused) }, status)

async function approve(c: DeskContext): Promise<Response> {
  const { merchant_id, mode } = c.var.caller
  const { id } = await named(c)
  return answerForm(c, {
    form: 'approve',
    typed: { [passwordName]: '' },
    again: again(c),
    async work() {
      await confirmAgain(c)
      await approvePayout(c.var.context, { merchant_id, mode, id })
      return goOn(c, `/payouts/${showId('pot', id)}?done=approved`)
    },
  })
}

async function reject(c: DeskContext): Promise<Response> {
  const { merchant_id, mode } = c.var.caller
  const { id } = await named(c)
  return answerForm(c, {
    form: 'reject',
    again: again(c),
    async work() {
      const { value } = await readForm(c, 'reject', z.object({ reason: textSchema(200).optional() }))
      await rejectPayout(c.var.context, { merchant_id, mode, id }, value.reason)
      return goOn(c, `/payouts/${showId('pot', id)}?done=rejected`)
    },
  })
}

import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import type { Account } from '../../accounts/account.ts'
import { accountOfCaller } from '../../accounts/named.ts'
import { optional, shortcodeSchema } from '../../api/schema.ts'
import { parseId, showId } from '../../id.ts'
import { findMerchants } from '../../merchants/merchant.ts'
import { statementPdf } from '../../notices/statement-pdf.ts'
import { monthsUntil, statementOf } from '../../notices/statement.ts'
import { Problem } from '../../problem.ts'
import { workOn } from '../../reconciliation/continue.ts'
import { findRun, listRuns } from '../../reconciliation/find.ts'
import { itemRow } from '../../reconciliation/item.ts'
import { listItems } from '../../reconciliation/items.ts'
import { keepFile, runKept } from '../../reconciliation/kept-statement.ts'
import { previewStatement } from '../../reconciliation/preview.ts'
import { reconcileNow } from '../../reconciliation/run-now.ts'
import type { Run } from '../../reconciliation/run.ts'
import { pager } from '../../web/parts/pager.ts'
import { table } from '../../web/parts/table.ts'
import { span } from '../../web/parts/time.ts'
import { pageHead } from '../../web/page.ts'
import { accountChosen, accountsOf, accountsThat } from '../accounts.ts'
import type { NamedAccount } from '../accounts.ts'
import { csvLink, sendCsv } from '../csv.ts'
import type { DeskContext } from '../desk-context.ts'
import { refusedBy } from '../form.ts'
import type { Refused } from '../form.ts'
import { rowsShown } from '../list-part.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { badgeOf, may, environmentOf } from '../may.ts'
import { namesOf } from '../../people/names.ts'
import { pathWith, readFilter, readQuery } from '../query.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { statusChoice } from '../status-choice.ts'
import { itemExport } from './export.ts'
import { previewBody } from './preview-page.ts'
import { itemColumns, reportPart } from './report-page.ts'
import { compareForms, monthForm, progress, runRows, runStatus } from './runs-page.ts'
import { fieldsOf } from '../own-form.ts'

const path = '/reconciliation'
const itemsShown = 100
const previewShown = 200

/** M-Pesa's records against the books, `/reconciliation`: runs, their lines, and statements that are looked at first. */
export function reconciliationPages() {
  return new Hono<SignedInEnvironment>()
    .use(path, entry('reconciliation:read'))
    .use(`${path}/*`, entry('reconciliation:read'))
    .get(path, look)
    .post(`${path}/preview`, entry('reconciliation:write'), preview)
    .post(`${path}/statements`, entry('reconciliation:write'), compare)
    .post(`${path}/run`, entry('reconciliation:write'), runNow)
    .get(`${path}/statement.pdf`, entry('reconciliation:write'), downloadStatement)
    .get(`${path}/:file{rec_[0-9a-f]+[.]csv}`, download)
    .get(`${path}/:id`, lookAtOne)
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, () => rowsOf(c))
  return showAll(c)
}

async function showAll(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, signedIn } = c.var
  const accounts = await comparable(c)
  return show(
    c,
    {
      place: path,
      title: 'Reconcile',
      head: { title: 'Reconcile', lead: 'M-Pesa’s records against your books.' },
      body: html`${may(signedIn, 'reconciliation:write') ? compareForms({ signedIn, accounts, refused }) : ''}
      ${await livePart(c, 'runs', await rowsOf(c))}
      ${may(signedIn, 'reconciliation:write') ? monthForm(context.clock.now()) : ''}`,
    },
    status,
  )
}

/** The accounts whose provider has records to compare with. */
async function comparable({ var: { context, caller } }: DeskContext): Promise<NamedAccount[]> {
  return accountsThat(context, await accountsOf(context, caller), ({ records }) => records !== undefined)
}

/** The account that a form names; the default one. @throws a Problem when there is none. */
async function accountNamed(c: DeskContext, named?: string): Promise<Account> {
  const { context, caller } = c.var
  const { id, provider } = accountChosen(await comparable(c), named)
  return accountOfCaller(context, caller, { provider, account: id })
}

async function rowsOf(c: DeskContext) {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const { before } = readQuery(c, {}, 'rec')
  const [found, accounts] = await Promise.all([
    listRuns(context, {
      merchant_id,
      mode,
      filter: environmentOf(signedIn),
      limit: rowsShown,
      ...(before && { before }),
    }),
    accountsOf(context, caller),
  ])
  return runRows({ found, accounts, typed: {}, isLater: before !== undefined, now: context.clock.now() })
}

/** The statement of a month, as Lango's own books have it. */
async function downloadStatement(c: DeskContext): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const month = c.req.query('month') ?? ''
  if (!monthsUntil(context.clock.now()).includes(month))
    throw new Problem('invalid_request', 'Choose a month: this one, or one of the twelve before it.', 'month')
  const [merchant] = await findMerchants(context, [signedIn.merchant.id])
  const { merchant_id, mode } = caller
  const pdf = await statementPdf(context, merchant!, await statementOf(context, { merchant_id, mode, month }))
  return c.body(new Uint8Array(pdf), 200, {
    'Content-Type': 'application/pdf',
    'Content-Disposition': `attachment; filename="statement-${month}.pdf"`,
  })
}

/** Shows what a statement would do, line by line. It is kept, so that it need not be sent again. */
async function preview(c: DeskContext): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const typed = await fieldsOf(c)
  try {
    const { file } = await c.req.parseBody()
    if (!(file instanceof File) || file.size === 0)
      throw new Problem('invalid_request', 'Choose the file of the statement.', 'file')
    const content = new Uint8Array(await file.arrayBuffer())
    const asked = readAsked(typed)
    const account = await accountNamed(c)
    const upload = { ...asked, file: { content }, name: file.name }
    const seen = await previewStatement(context, account, upload, { limit: previewShown, after: -1 })
    const id = await keepFile(context, { merchant_id: caller.merchant_id, content, name: file.name })
    return await show(c, {
      place: path,
      title: 'What the statement would do',
      head: { title: 'What the statement would do', lead: file.name, back: { href: path, name: 'Reconcile' } },
      body: previewBody({ signedIn, seen, id, typed, now: context.clock.now() }),
    })
  } catch (error) {
    const { refused, status } = refusedBy(error, 'statement', {
      file: '',
      shortcode: '',
      assume_completed: '',
      ...typed,
    })
    return showAll(c, refused, status)
  }
}

/** What somebody says of a statement that does not say it itself. */
function readAsked({ shortcode = '', assume_completed }: Record<string, string>) {
  const read = optional(shortcodeSchema).safeParse(shortcode.trim() || null)
  if (!read.success) throw new Problem('invalid_request', 'A short code has 5 to 7 digits.', 'shortcode')
  return { ...(read.data && { shortcode: read.data }), isAllCompleted: assume_completed === 'yes' }
}

async function compare(c: DeskContext): Promise<Response> {
  const { context } = c.var
  const typed = await fieldsOf(c)
  try {
    const { statement = '' } = typed
    if (!/^[0-9a-f-]{36}$/.test(statement))
      throw new Problem('invalid_request', 'Choose the file of the statement.', 'file')
    const account = await accountNamed(c)
    const { run, reading } = await runKept(context, account, { id: statement, ...readAsked(typed) })
    // The page of the run shows how far it is. Should this node die, another goes on with it.
    workOn(context, run, reading).catch((error: unknown) =>
      context.log.error({ error, run: run.id }, 'A statement is compared later: the database could not be reached.'),
    )
    return goOn(c, `${path}/${showId('rec', run.id)}`)
  } catch (error) {
    const { refused, status } = refusedBy(error, 'statement', {
      file: '',
      shortcode: '',
      assume_completed: '',
      ...typed,
    })
    return showAll(c, refused, status)
  }
}

async function runNow(c: DeskContext): Promise<Response> {
  const { context } = c.var
  const typed = await fieldsOf(c)
  try {
    const account = await accountNamed(c, typed['account'])
    const run = await reconcileNow(context, account, {})
    return goOn(c, `${path}/${showId('rec', run.id)}?done=compared`)
  } catch (error) {
    const { refused, status } = refusedBy(error, 'run', typed)
    return showAll(c, refused, status)
  }
}

const itemParams = {
  outcome: itemRow.shape.outcome.optional(),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
}

async function lookAtOne(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, () => inner(c))
  return show(c, { place: path, title: 'Comparison', body: await livePart(c, 'run', await inner(c)) })
}

/** The run that the address names. @throws a Problem when there is none of this business. */
function named(c: DeskContext, text: string): Promise<Run> {
  const { context, caller } = c.var
  const id = parseId('rec', text)
  if (!id) throw new Problem('not_found', 'There is no such comparison here.')
  return findRun(context, { merchant_id: caller.merchant_id, mode: caller.mode, id })
}

async function inner(c: DeskContext) {
  const { context, signedIn } = c.var
  const run = await named(c, c.req.param('id') ?? '')
  const id = showId('rec', run.id)
  const { filter, typed } = readQuery(c, itemParams)
  const { outcome, cursor } = filter
  const after = cursor === undefined ? undefined : Number(cursor)
  const [items, nameOf] = await Promise.all([
    listItems(context, run, {
      filter: { ...(outcome && { outcome }) },
      limit: itemsShown,
      ...(after !== undefined && { after }),
    }),
    namesOf(context, [run.started_by]),
  ])
  const now = context.clock.now()
  const last = items.rows.at(-1)
  const chosen: Record<string, string> = outcome ? { status: outcome } : {}
  return html`${pageHead(
      {
        back: { href: path, name: 'Reconcile' },
        title: html`${span(run.window_from, run.window_until)} ${runStatus(run)}`,
        lead: `${run.source === 'pull' ? 'M-Pesa’s records' : 'A statement'}, compared by ${nameOf(run.started_by)}`,
        actions: csvLink(`${path}/${id}`, typed),
      },
      badgeOf(signedIn),
    )}
    ${progress(run)} ${run.problem ? html`<p class="wrong">${run.problem}</p>` : ''}
    ${run.note ? html`<p class="soft">${run.note}</p>` : ''} ${run.report ? reportPart(run.report) : ''}
    ${outcomeChoice(`${path}/${id}`, chosen)}
    <section class="sheet">
      ${items.rows.length > 0 ? table('What became of each line', itemColumns(signedIn, now), items.rows) : html`<p class="body soft">No line is like that.</p>`}
      ${
        items.hasMore || after !== undefined
          ? pager({
              label: 'More lines',
              ...(after !== undefined && { newer: pathWith(`${path}/${id}`, { outcome }) }),
              ...(items.hasMore && { older: pathWith(`${path}/${id}`, { outcome, cursor: String(last!.number) }) }),
              words: { newer: 'To the first', older: 'Further', shown: `${items.rows.length} shown` },
            })
          : ''
      }
    </section>`
}

function outcomeChoice(own: string, chosen: Record<string, string>) {
  return statusChoice(
    own,
    chosen,
    [
      ['', 'Every line'],
      ['mismatched', 'Does not agree'],
      ['not_found', 'Nobody’s'],
      ['recovered', 'Was missing here'],
      ['matched', 'Agrees'],
    ],
    'outcome',
  )
}

async function download(c: DeskContext): Promise<Response> {
  const { context } = c.var
  const run = await named(c, (c.req.param('file') ?? '').replace(/[.]csv$/, ''))
  const { outcome } = readFilter(c, itemParams)
  return sendCsv(c, 'reconciliation', itemExport(c.var.signedIn), async ({ limit, before }) => {
    const { rows, hasMore } = await listItems(context, run, {
      filter: { ...(outcome && { outcome }) },
      limit,
      ...(before !== undefined && { after: Number(before) }),
    })
    return { rows: rows.map((row) => ({ ...row, id: String(row.number) })), hasMore }
  })
}

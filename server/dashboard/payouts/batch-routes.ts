import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { textSchema } from '../../api/schema.ts'
import { parseId, showId } from '../../id.ts'
import { findBatch } from '../../payouts/batch.ts'
import { createBatch } from '../../payouts/batch-create.ts'
import { approveBatch, rejectBatch } from '../../payouts/batch-decide.ts'
import { readCsv, readLines, refuseSize } from '../../payouts/batch-lines.ts'
import { previewBatch } from '../../payouts/batch-preview.ts'
import { listPayouts } from '../../payouts/find.ts'
import { limitsWhereOn } from '../../payouts/limit.ts'
import { Problem } from '../../problem.ts'
import { pageHead } from '../../web/page.ts'
import { noAccount } from '../account-choice.ts'
import { accountChosen } from '../accounts.ts'
import type { DeskContext } from '../desk-context.ts'
import { answerForm } from '../answer-form.ts'
import { asSeen } from '../as-seen.ts'
import { readForm, refusedBy } from '../form.ts'
import type { Refused } from '../form.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { badgeOf } from '../may.ts'
import { namesOf } from '../../people/names.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { batchBody, batchHead, batchPreviewBody, newBatchBody } from './batch-page.ts'
import { confirmAgain, passwordName } from '../step-up.ts'
import { offBody } from './new-page.ts'
import { passwordOf } from './password.ts'
import { payingAccounts } from './paying-accounts.ts'
import { fieldsOf } from '../own-form.ts'

const path = '/payouts/batches'
const payoutsShown = 100

/** Many payouts at once: asked for from a CSV that is looked at first, and decided on together. */
export function batchPages() {
  return new Hono<SignedInEnvironment>()
    .get(`${path}/new`, entry('payouts:write'), (c) => showForm(c))
    .post(`${path}/again`, entry('payouts:write'), async (c) =>
      showForm(c, { form: 'batch', typed: await fieldsOf(c), wrong: {} }),
    )
    .post(`${path}/preview`, entry('payouts:write'), preview)
    .post(path, entry('payouts:write'), create)
    .get(`${path}/:id`, look)
    .post(`${path}/:id/approve`, entry('payouts:write'), asSeen(), approve)
    .post(`${path}/:id/reject`, entry('payouts:write'), asSeen(), reject)
}

async function showForm(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const accounts = await payingAccounts(context, caller)
  const isOn = Boolean(await limitsWhereOn(context.database, caller.merchant_id))
  const form = () => (isOn || refused ? newBatchBody({ signedIn, refused }) : offBody(signedIn))
  const body = accounts.length === 0 && !refused ? noAccount(signedIn) : form()
  const head = {
    title: 'Pay many at once',
    lead: 'Looked at line by line before anything is sent, and approved by another of you.',
    back: { href: '/payouts', name: 'Payouts' },
  }
  return show(c, { place: '/payouts', title: 'Pay many', head, body }, status)
}

/** The lines that a form brings: those of the file, else those that were pasted. */
async function linesIn(c: DeskContext): Promise<string> {
  const { file, csv } = await c.req.parseBody()
  if (file instanceof File && file.size > 0) return file.text()
  return typeof csv === 'string' ? csv : ''
}

async function preview(c: DeskContext): Promise<Response> {
  const typed: Record<string, string> = { ...(await fieldsOf(c)), csv: await linesIn(c) }
  try {
    return await showPreview(c, typed)
  } catch (error) {
    const { refused, status } = refusedBy(error, 'batch', typed)
    return showForm(c, refused, status)
  }
}

async function showPreview(
  c: DeskContext,
  { csv = '', name = '' }: Record<string, string>,
  { refused, status }: { refused?: Refused; status?: number } = {},
): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const accounts = await payingAccounts(context, caller)
  const seen = await previewBatch(context, { merchant_id, mode, csv, account: accountChosen(accounts, undefined).id })
  accountChosen(accounts, seen.lines[0]?.input.account)
  const password = passwordOf(context, refused)
  const page = {
    place: '/payouts',
    title: 'Pay many',
    head: { title: name || 'Pay many at once', back: { href: '/payouts', name: 'Payouts' } },
    body: batchPreviewBody({ signedIn, name, csv, preview: seen, password, now: context.clock.now() }),
  }
  return show(c, page, status)
}

const batchForm = z.object({ name: textSchema(100).optional(), csv: z.string() })

async function create(c: DeskContext): Promise<Response> {
  const { caller } = c.var
  const typed = await fieldsOf(c)
  try {
    await confirmAgain(c)
    const { value } = await readForm(c, 'batch', batchForm)
    const { context } = c.var
    const { merchant_id, mode } = caller
    const written = readCsv(value.csv)
    refuseSize(written.length)
    const lines = readLines(written)
    const { id: account } = accountChosen(await payingAccounts(context, caller), lines[0]!.input.account)
    const creation = await createBatch(context, {
      merchant_id,
      mode,
      account,
      ...(value.name && { name: value.name }),
      lines,
    })
    return goOn(c, 'made' in creation ? `${path}/${showId('bat', creation.made.id)}?done=waits` : '/payouts?done=waits')
  } catch (error) {
    const said = refusedBy(error, 'batch', { [passwordName]: '', ...typed })
    return said.refused.wrong[passwordName] ? showPreview(c, typed, said) : showForm(c, said.refused, said.status)
  }
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, () => inner(c))
  return show(c, { place: '/payouts', title: 'Batch', body: await livePart(c, 'batch', await inner(c)) })
}

async function inner(c: DeskContext, refused?: Refused) {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const batch = await findBatch(context, { merchant_id, mode, id: idIn(c) })
  const [payouts, nameOf] = await Promise.all([
    listPayouts(context, { merchant_id, mode, filter: { batch_id: batch.id }, limit: payoutsShown }),
    namesOf(context, [batch.created_by, ...(batch.decided_by ? [batch.decided_by] : [])]),
  ])
  const view = {
    signedIn,
    batch,
    payouts: payouts.rows,
    nameOf,
    password: passwordOf(context, refused),
    refused,
    now: context.clock.now(),
  }
  return html`${pageHead(batchHead(view), badgeOf(signedIn))} ${batchBody(view)}`
}

function idIn(c: DeskContext): string {
  const id = parseId('bat', c.req.param('id') ?? '')
  if (!id) throw new Problem('not_found', 'There is no such batch here.')
  return id
}

const again = (c: DeskContext) => async (refused: Refused, status: number) =>
  show(c, { place: '/payouts', title: 'Batch', body: await inner(c, refused) }, status)

async function approve(c: DeskContext): Promise<Response> {
  const { merchant_id, mode } = c.var.caller
  const id = idIn(c)
  return answerForm(c, {
    form: 'approve',
    typed: { [passwordName]: '' },
    again: again(c),
    async work() {
      await confirmAgain(c)
      await approveBatch(c.var.context, { merchant_id, mode, id })
      return goOn(c, `${path}/${showId('bat', id)}?done=approved`)
    },
  })
}

async function reject(c: DeskContext): Promise<Response> {
  const { merchant_id, mode } = c.var.caller
  const id = idIn(c)
  return answerForm(c, {
    form: 'reject',
    again: again(c),
    async work() {
      const { value } = await readForm(c, 'reject', z.object({ reason: textSchema(200).optional() }))
      await rejectBatch(c.var.context, { merchant_id, mode, id }, value.reason)
      return goOn(c, `${path}/${showId('bat', id)}?done=rejected`)
    },
  })
}

import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { listAudit } from '../../access/audit.ts'
import { accountSchema, amountSchema, textSchema } from '../../api/schema.ts'
import { parseId, showId } from '../../id.ts'
import { createLink } from '../../links/create.ts'
import { endLink } from '../../links/end.ts'
import { findLink, listLinks } from '../../links/find.ts'
import type { Link } from '../../links/link.ts'
import { poster } from '../../links/poster.ts'
import { resumeLink } from '../../links/resume.ts'
import { listPayments } from '../../payments/find.ts'
import { Problem } from '../../problem.ts'
import { pageHead } from '../../web/page.ts'
import { accountChosen, accountsOf } from '../accounts.ts'
import { asSeen } from '../as-seen.ts'
import { answerForm } from '../answer-form.ts'
import type { DeskContext } from '../desk-context.ts'
import { readForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { rowsShown } from '../list-part.ts'
import { isBare, listedFor } from '../listed.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { badgeOf, may } from '../may.ts'
import { namesOf } from '../../people/names.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { linkBody, linkHead } from './link-page.ts'
import type { LinkView } from './link-page.ts'
import { linkFilters, linkRows } from './list-page.ts'
import { newLinkBody } from './new-page.ts'
import { fieldsOf } from '../own-form.ts'

const place = '/links'
const filterParams = { status: z.enum(['active', 'ended']).optional(), search: textSchema(100).optional() }

/** Pages at which anybody pays, `/links`, and each of them. */
export function linkPages() {
  return new Hono<SignedInEnvironment>()
    .use(place, entry('totals:read'))
    .use(`${place}/*`, entry('totals:read'))
    .get(place, look)
    .get(`${place}/new`, entry('payments:write'), (c) => showNew(c))
    .post(place, entry('payments:write'), create)
    .get(`${place}/:id`, lookAtOne)
    .get(`${place}/:id/poster.pdf`, drawPoster)
    .post(`${place}/:id/resume`, entry('payments:write'), asSeen(), resume)
    .post(`${place}/:id/end`, entry('payments:write'), asSeen(), end)
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => linkRows(await listedFor(c, links)))
  const list = await listedFor(c, links)
  return show(c, {
    place,
    title: 'Payment links',
    head: {
      title: 'Payment links',
      lead: 'Pages at which anybody pays, with a QR code for a wall or a bill.',
      actions: may(c.var.signedIn, 'payments:write')
        ? html`<a class="may firm" href="${place}/new">Make a link</a>`
        : html``,
    },
    body: html`${isBare(list) ? '' : html`<section>${linkFilters(list)}</section>`}
    ${await livePart(c, 'links', linkRows(list))}`,
  })
}

const links = { params: filterParams, prefix: 'lnk', list: listLinks } as const

async function showNew(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const accounts = await accountsOf(context, caller)
  const head = {
    title: 'Make a payment link',
    lead: 'For an offering, a ticket, a bill that many pay.',
    back: { href: place, name: 'Payment links' },
  }
  const body = newLinkBody({ signedIn, accounts, refused })
  return show(c, { place, title: 'Make a payment link', head, body }, status)
}

const linkForm = z.object({
  name: textSchema(100),
  amount: amountSchema.optional(),
  max_uses: z.coerce
    .number('How often is a whole number from 1 on, such as 100.')
    .int('How often is a whole number from 1 on, such as 100.')
    .min(1)
    .max(1_000_000)
    .optional(),
  account: accountSchema.optional(),
})

async function create(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  return answerForm(c, {
    form: 'link',
    typed: { account: '', ...(await fieldsOf(c)) },
    work: async () => {
      const { value } = await readForm(c, 'link', linkForm)
      const { amount: amount_cents, ...input } = value
      const { id: account, provider } = accountChosen(await accountsOf(context, caller), input.account)
      const creation = await createLink(context, { ...input, amount_cents, provider, account, merchant_id, mode })
      const { made } = creation as { made: Link }
      return goOn(c, `${pathOf(made)}?done=linked`)
    },
    again: (refused, status) => showNew(c, refused, status),
  })
}

function pathOf({ id }: Pick<Link, 'id'>): string {
  return `${place}/${showId('lnk', id)}`
}

async function lookAtOne(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => inner(await viewOf(c)))
  return showOne(c)
}

async function showOne(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const view = await viewOf(c, refused)
  const body = refused ? inner(view) : await livePart(c, 'link', inner(view))
  return show(c, { place, title: view.link.name, body }, status)
}

function inner(view: LinkView) {
  return html`${pageHead(linkHead(view), badgeOf(view.signedIn))} ${linkBody(view)}`
}

/** The link that the address names. @throws a Problem when there is none of this business. */
function named(c: DeskContext): Promise<Link> {
  const { context, caller } = c.var
  const id = parseId('lnk', c.req.param('id') ?? '')
  if (!id) throw new Problem('not_found', 'There is no such payment link here.')
  return findLink(context, { merchant_id: caller.merchant_id, mode: caller.mode, id })
}

async function viewOf(c: DeskContext, refused?: Refused): Promise<LinkView> {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const link = await named(c)
  const subject = showId('lnk', link.id)
  const [accounts, payments, audit] = await Promise.all([
    accountsOf(context, caller),
    listPayments(context, { merchant_id, mode, filter: { link_id: link.id }, limit: rowsShown }),
    listAudit(context, { merchant_id, filter: { subject, action: 'payment_link.created' }, limit: 1 }),
  ])
  const actor = audit.rows[0]?.actor
  return {
    context,
    signedIn,
    link,
    account: accounts.find(({ id }) => id === showId('acc', link.provider_account_id)),
    payments,
    by: actor && (await namesOf(context, [actor]))(actor),
    refused,
    now: context.clock.now(),
  }
}

/** The poster of a link, for the wall: A4, or A5 with `?size=A5`. */
async function drawPoster(c: DeskContext): Promise<Response> {
  const link = await named(c)
  const size = c.req.query('size') === 'A5' ? 'A5' : 'A4'
  const body = await poster(c.var.context, link, { size })
  return c.body(new Uint8Array(body), 200, {
    'Content-Type': 'application/pdf',
    'Content-Disposition': `inline; filename="poster-${showId('lnk', link.id)}-${size}.pdf"`,
  })
}

async function resume(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const { id } = await named(c)
  await resumeLink(context, { merchant_id, mode, id })
  return goOn(c, `${pathOf({ id })}?done=resumed`)
}

async function end(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const { id } = await named(c)
  return answerForm(c, {
    form: 'end',
    work: async () => {
      await endLink(context, { merchant_id, mode, id })
      return goOn(c, `${pathOf({ id })}?done=ended`)
    },
    again: (refused, status) => showOne(c, refused, status),
  })
}

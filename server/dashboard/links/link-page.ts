import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import { showId } from '../../id.ts'
import { isUsedUp, presentLink } from '../../links/link.ts'
import type { Link } from '../../links/link.ts'
import type { Payment } from '../../payments/payment.ts'
import type { Html } from '../../web/html.ts'
import type { PageHead } from '../../web/page.ts'
import { code, facts } from '../../web/parts/facts.ts'
import { table } from '../../web/parts/table.ts'
import { moment } from '../../web/parts/time.ts'
import { accountWords } from '../account-choice.ts'
import type { NamedAccount } from '../accounts.ts'
import { wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { hostedLink } from '../hosted-link.ts'
import { may } from '../may.ts'
import { paymentColumns } from '../payments/columns.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { linkAmount, linkStatus, usesOf } from './list-page.ts'

/** Everything that is shown of one payment link; `by` is who made it. */
export type LinkView = {
  context: Context
  signedIn: SignedIn
  link: Link
  account?: NamedAccount | undefined
  payments: { rows: Payment[]; hasMore: boolean }
  by: string | undefined
  refused?: Refused | undefined
  now: Date
}

/** What is paid for there, and whether it can be. */
export function linkHead(view: LinkView): PageHead {
  const { link } = view
  return {
    back: { href: '/links', name: 'Payment links' },
    title: html`<span class="breaks">${link.name}</span> ${linkStatus(link)}`,
    lead: `${linkAmount(link)} · paid ${usesOf(link)} ${link.uses === 1 && link.uses_max === null ? 'time' : 'times'}`,
    ...(may(view.signedIn, 'payments:write') && { actions: endForm(view) }),
  }
}

function endForm({ signedIn, link }: LinkView): Html {
  const path = `/links/${showId('lnk', link.id)}`
  if (link.ended_at)
    return html`<form method="post" action="${path}/resume">
      ${csrfField(signedIn)}<button class="may firm">Turn it on again</button>
    </form>`
  return html`<form method="post" action="${path}/end">
    ${csrfField(signedIn)}
    <details class="sure" id="end">
      <summary class="may">Turn it off…</summary>
      <div class="unfold">
        <p class="small">Nobody begins a payment there while it is off. What is under way is still paid.</p>
        <button class="do">Turn it off</button>
      </div>
    </details>
  </form>`
}

/** The page of one payment link. */
export function linkBody(view: LinkView): Html {
  const { context, signedIn, link, payments, refused, now } = view
  const isOn = !link.ended_at && !isUsedUp(link)
  return html`${wrongWith(refused, 'end')}
    <section class="grid2">
      <div class="sheet">
        <header><h2>Paid at it</h2></header>
        ${
          payments.rows.length > 0
            ? table('The payments that were begun at this link', paymentColumns(signedIn, now), payments.rows)
            : html`<p class="body soft">Nobody has begun to pay there yet.</p>`
        }
        ${payments.hasMore ? html`<p class="body soft">The newest ${payments.rows.length} are shown.</p>` : ''}
      </div>
      <div class="stack">
        ${isOn ? hostedLink({ title: 'Its page', url: presentLink(context.config, link).url, more: posterWay(link) }) : ''}
        <div class="sheet">
          <header><h2>Details</h2></header>
          <div class="body">${details(view)}</div>
        </div>
      </div>
    </section>`
}

function posterWay({ id }: Link): Html {
  return html`<a class="may" href="/links/${showId('lnk', id)}/poster.pdf">Poster to print</a>`
}

function details({ link, account, by }: LinkView): Html {
  return facts([
    ['How much', linkAmount(link)],
    ['Paid', usesOf(link)],
    ['Paid to', account ? accountWords(account) : ''],
    ['Made', moment(link.created_at, 'en')],
    ['By', by ?? ''],
    ['Off since', link.ended_at ? moment(link.ended_at, 'en') : ''],
    ['Link', html`<span class="small">${code(showId('lnk', link.id))}</span>`],
  ])
}

import { html } from 'hono/html'
import { shownIdOf } from '../../attention/item.ts'
import type { Item } from '../../attention/item.ts'
import { explainReason } from '../../attention/reasons.ts'
import { showId } from '../../id.ts'
import type { Payment } from '../../payments/payment.ts'
import { prose } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { showMoney, sum } from '../../web/parts/amount.ts'
import { empty } from '../../web/parts/empty.ts'
import { code } from '../../web/parts/facts.ts'
import { textField } from '../../web/parts/field.ts'
import { pager } from '../../web/parts/pager.ts'
import { status } from '../../web/parts/status.ts'
import { ago } from '../../web/parts/time.ts'
import { rawBody } from '../../web/parts/timeline.ts'
import { may } from '../may.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { pathWith } from '../query.ts'
import { when } from '../when.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { phoneFor } from '../words.ts'
import { tellItem } from './sentence.ts'

/** What the page of all that needs somebody shows. */
export type AttentionView = {
  signedIn: SignedIn
  items: Item[]
  /** For each item that is money, the payments that it could have been meant for. */
  candidates: Map<string, Payment[]>
  /** Where the next page begins. */
  next?: string | undefined
  isLater: boolean
  /** The one of which the note is unfolded. */
  open?: string | undefined
  refused?: Refused | undefined
  now: Date
}

const path = '/attention'
const namedMax = 2

/** Everything that needs somebody, each with what ends it. */
export function attentionBody(view: AttentionView): Html {
  const { items, isLater, next, refused } = view
  if (items.length === 0 && !isLater)
    return html`${wrongWith(refused, 'gone')}${empty({
      title: 'Nothing needs you.',
      words: 'Every shilling that came in has a name. What does not agree will wait here until one of you decides.',
      action: html`<a class="may" href="/attention/decided">See what was decided</a>`,
    })}`
  return html`${wrongWith(refused, 'gone')}
    <section class="sheet">
      <ul class="needs">
        ${items.map((item) => needed(item, view))}
      </ul>
      ${
        next || isLater
          ? pager({
              label: 'More that needs you',
              ...(isLater && { newer: path }),
              ...(next && { older: pathWith(path, { cursor: next }) }),
              words: { newer: 'To the newest', older: 'Older', shown: `${items.length} shown` },
            })
          : ''
      }
    </section>`
}

function needed(item: Item, view: AttentionView): Html {
  const { signedIn, now, open, refused } = view
  const { tone, state, sentence } = tellItem(item)
  const id = shownIdOf(item)
  const isOpen = open === id || refused?.form === id
  return html`<li id="${id}">
    ${item.amount_cents === null ? html`<div class="sum soft">No amount</div>` : sum(item.amount_cents)}
    ${status(tone, state)}
    <div class="say">
      <p>${prose(sentence)}</p>
      <div class="small soft bits">
        <span>Since ${when(item.since, now, 'minute')}, ${ago(item.since, now, 'en')}</span>
        ${item.phone ? html`<span>${phoneFor(signedIn, /^254\d{9}$/.test(item.phone) ? item.phone : null, item.phone)}</span>` : ''}
        ${item.receipt ? code(item.receipt) : ''}
        ${item.reasons.length > 1 ? html`<span>${item.reasons.slice(1).map(explainReason).join(' ')}</span>` : ''}
      </div>
      ${item.body ? rawBody({ title: 'What came', text: new TextDecoder().decode(item.body.subarray(0, bodyShown)) }) : ''}
      ${item.problem ? html`<div class="small soft">${item.problem}</div>` : ''}
    </div>
    <div class="acts">${actions(item, view)}${isOpen || !may(signedIn, 'payments:write') ? '' : noteOpener(id)}</div>
    ${isOpen ? noteForm(id, item, view) : ''}
  </li>`
}

const bodyShown = 4_000

function noteOpener(id: string): Html {
  return html`<a class="may" href="${pathWith(path, { open: id })}#${id}">Note it…</a>`
}

/** What ends it, at most two ways. */
function actions(item: Item, view: AttentionView): Html | '' {
  const id = shownIdOf(item)
  switch (item.kind) {
    case 'money_in':
      return moneyActions(item, view)
    case 'payment':
      return html`<a class="may firm" href="/payments/${id}">See it</a>`
    case 'outside_payment':
      return html`<a class="may firm" href="/outside-payments/${id}">Look at it</a>`
    case 'refund':
      return html`<a class="may firm" href="/refunds/${id}">See it</a>`
    case 'payout':
      return html`<a class="may firm" href="/payouts/${id}">See it</a>`
    case 'run':
      return html`<a class="may firm" href="/reconciliation/${id}">See the lines</a>`
    default:
      return may(view.signedIn, 'reconciliation:write')
        ? html`<a class="may firm" href="/reconciliation">Load the statement</a>`
        : ''
  }
}

function moneyActions(item: Item, { signedIn, candidates }: AttentionView): Html {
  const fitting = (candidates.get(item.id) ?? []).slice(0, namedMax)
  const mayDecide = may(signedIn, 'payments:write')
  return html`${
      mayDecide
        ? fitting.map(
            ({ id, sent_reference }) =>
              html`<form method="post" action="/money-in/${item.receipt}/assign">
                ${csrfField(signedIn)}<input type="hidden" name="payment" value="${showId('pay', id)}" />
                <button class="may firm">It is ${sent_reference}</button>
              </form>`,
          )
        : ''
    }
    <a class="may ${fitting.length === 0 && mayDecide ? 'firm' : ''}" href="/money-in/${item.receipt}"
      >${mayDecide ? 'Choose…' : 'See it'}</a
    >`
}

function noteForm(id: string, item: Item, { signedIn, refused }: AttentionView): Html {
  const about = item.amount_cents === null ? 'this' : showMoney(item.amount_cents)
  return html`<form class="unfold form" method="post" action="/attention/${id}/resolve#${id}">
    ${csrfField(signedIn)}
    ${item.reasons.map((reason) => html`<input type="hidden" name="reasons" value="${reason}" />`)}
    ${wrongWith(refused, id)}
    ${textField({
      id: `note-${id}`,
      name: 'note',
      label: `What came of ${about}?`,
      hint: 'Kept under your name. It moves no money, and comes back if something new is learnt.',
      ...fieldOf(refused, id, 'note'),
    })}
    <div class="acts">
      <button class="do">It needs nobody any more</button>
      <a class="may" href="${path}">Not now</a>
    </div>
  </form>`
}

/** What was decided: what, by whom, when, and why. */
export type Decided = { id: string; subject: string; at: Date; by: string; note: string; reasons: string[] }

/** What was decided lately, newest first. */
export function decidedBody(list: Decided[], now: Date): Html {
  if (list.length === 0)
    return empty({
      title: 'Nothing was decided yet.',
      words: 'When one of you notes what came of something, it stands here: who, when, and why.',
      action: html`<a class="may" href="${path}">What needs you</a>`,
    })
  return html`<section class="sheet">
    <ul class="body plain">
      ${list.map(
        ({ subject, at, by, note, reasons }) =>
          html`<li>
            <div>
              <b>${note}</b>
              <div class="small soft">${by}, ${ago(at, now, 'en')} · ${reasons.map(explainReason).join(' ')}</div>
            </div>
            ${wayTo(subject)}
          </li>`,
      )}
    </ul>
  </section>`
}

function wayTo(subject: string): Html | '' {
  const place = {
    pay: '/payments',
    ref: '/refunds',
    pot: '/payouts',
    out: '/outside-payments',
    rec: '/reconciliation',
  }[subject.slice(0, 3)]
  return place ? html`<a class="may" href="${place}/${subject}">See it</a>` : ''
}

import { html } from 'hono/html'
import { formatKes } from '../../money.ts'
import type { MoneyIn } from '../../money-in/money-in.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import { code } from '../../web/parts/facts.ts'
import { field } from '../../web/parts/field.ts'
import { filterBar } from '../../web/parts/filter-bar.ts'
import { status } from '../../web/parts/status.ts'
import type { Column } from '../../web/parts/table.ts'
import { listPart } from '../list-part.ts'
import type { Listed } from '../listed.ts'
import { dayAndAmountWords, narrowing } from '../query.ts'
import type { SignedIn } from '../signed-in.ts'
import { when } from '../when.ts'
import { phoneFor } from '../words.ts'
import { ways } from './ways.ts'

const path = '/money-in'

/** Where money belongs, or that it belongs nowhere yet. */
export function moneyStatus(
  money: Pick<MoneyIn, 'payment_id' | 'match_at' | 'reversed_cents' | 'reserved_cents' | 'amount_cents'>,
): Html {
  if (money.reversed_cents >= money.amount_cents) return status('reversed', 'Went back')
  if (money.payment_id) return status('completed', 'Has its payment')
  if (money.reserved_cents > 0) return status('pending', 'On its way back')
  return money.match_at ? status('pending', 'Looking') : status('failed', 'Nobody’s yet')
}

/** From whom money came, as far as is known. */
export function payerOf(
  signedIn: SignedIn,
  { payer_name, phone, phone_masked }: Pick<MoneyIn, 'payer_name' | 'phone' | 'phone_masked'>,
): string {
  return payer_name ?? (phoneFor(signedIn, phone, phone_masked) || 'Unknown')
}

/** What the list can be narrowed to. */
export function moneyFilters({ typed, wrong }: Listed<MoneyIn>): Html {
  return html`${filterBar({
    action: path,
    results: 'money',
    search: {
      label: 'Search money in',
      name: 'search',
      value: typed['search'] ?? '',
      placeholder: 'M-Pesa code, phone, amount, name',
    },
    choices: [
      {
        label: 'Whose',
        name: 'unmatched',
        value: typed['unmatched'] ?? '',
        options: [
          ['', 'All of it'],
          ['true', 'Nobody’s yet'],
          ['false', 'With its payment'],
        ],
      },
      {
        label: 'How it came',
        name: 'kind',
        value: typed['kind'] ?? '',
        options: [
          ['', 'By any way'],
          ['stk', 'By prompt'],
          ['c2b', 'By paybill or till'],
          ['other', 'Another way'],
        ],
      },
    ],
    ...narrowing(path, typed, {
      ...dayAndAmountWords,
      account: 'Account',
      account_reference: 'Wrote',
      phone: 'Phone',
      receipt: 'M-Pesa code',
    }),
    words: { show: 'Show', drop: 'Drop' },
  })}
  ${moreFilters(typed, wrong)}`
}

function moreFilters(typed: Record<string, string>, wrong: Record<string, string>): Html {
  const one = (name: string, label: string, more: { type?: 'date' } = {}) =>
    field({
      id: `filter-${name}`,
      name,
      label,
      value: typed[name] ?? '',
      ...(wrong[name] && { error: wrong[name] }),
      ...more,
    })
  return html`<details class="more" id="more-filters" ${Object.keys(wrong).length > 0 ? 'open' : ''}>
    <summary class="small soft">By day or amount</summary>
    <form class="form cols" method="get" action="${path}">
      ${['search', 'unmatched', 'kind'].map((name) => (typed[name] ? html`<input type="hidden" name="${name}" value="${typed[name]}" />` : ''))}
      ${one('since', 'From the day', { type: 'date' })} ${one('until', 'Until the day', { type: 'date' })}
      ${one('min_amount', 'At least, in KSh')} ${one('max_amount', 'At most, in KSh')}
      <div class="acts"><button class="may firm">Show these</button></div>
    </form>
  </details>`
}

function columns(signedIn: SignedIn, now: Date): Column<MoneyIn>[] {
  return [
    {
      name: 'KSh',
      look: 'money',
      show: (money) =>
        html`<a href="${path}/${money.receipt}"><b>${formatKes(money.amount_cents)}</b></a>
          <div class="small soft only-small">${payerOf(signedIn, money)}</div>`,
    },
    {
      name: 'Whose',
      show: (money) =>
        html`${moneyStatus(money)}
          <div class="small soft only-small">
            ${code(money.receipt)} · ${when(money.paid_at ?? money.created_at, now)}
          </div>`,
    },
    { name: 'From', look: 'soft', isExtra: true, show: (money) => payerOf(signedIn, money) },
    { name: 'Wrote', look: 'soft', isExtra: true, show: ({ reference }) => reference ?? '–' },
    { name: 'By', look: 'soft', isExtra: true, show: ({ kind }) => ways[kind] },
    { name: 'M-Pesa code', isExtra: true, show: ({ receipt }) => code(receipt) },
    {
      name: 'Paid',
      look: 'num',
      isExtra: true,
      show: ({ paid_at, created_at }) => html`<span class="soft">${when(paid_at ?? created_at, now)}</span>`,
    },
  ]
}

/** The money itself. */
export function moneyRows({ signedIn, typed, found, isLater, now }: Listed<MoneyIn>): Html {
  return listPart({
    caption: 'Money in, newest first',
    prefix: 'min',
    path,
    typed,
    columns: columns(signedIn, now),
    found,
    isLater,
    none: empty({
      title: 'Money that comes will be here.',
      words: 'One line for each M-Pesa code, whether somebody was asked for it or paid by the menu.',
      action: html`<a class="may" href="/cashier">Ask a phone to pay</a>`,
    }),
    noneFits: 'No money fits that.',
  })
}

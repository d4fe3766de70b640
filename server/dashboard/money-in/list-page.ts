import { html } from 'hono/html'
import { formatKes } from '../../money.ts'
import type { MoneyIn } from '../../money-in/money-in.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import { code } from '../../web/parts/facts.ts'
import { status } from '../../web/parts/status.ts'
import type { Column } from '../../web/parts/table.ts'
import { dayAndAmountWords, listFilters, moreFilters } from '../list-filters.ts'
import { listPart } from '../list-part.ts'
import type { Listed } from '../listed.ts'
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
export function moneyFilters(list: Listed<MoneyIn>): Html {
  return html`${listFilters(list, {
    path,
    results: 'money',
    search: { label: 'Search money in', placeholder: 'M-Pesa code, phone, amount, name' },
    choices: [
      { label: 'Whose', name: 'unmatched', options: whose },
      { label: 'How it came', name: 'kind', options: kinds },
    ],
    names: {
      ...dayAndAmountWords,
      account: 'Account',
      account_reference: 'Wrote',
      phone: 'Phone',
      receipt: 'M-Pesa code',
    },
  })}
  ${moreFilters(list, {
    path,
    summary: 'By day or amount',
    kept: ['search', 'unmatched', 'kind'],
    fields: [
      { name: 'since', label: 'From the day', type: 'date' },
      { name: 'until', label: 'Until the day', type: 'date' },
      { name: 'min_amount', label: 'At least, in KSh' },
      { name: 'max_amount', label: 'At most, in KSh' },
    ],
  })}`
}

const whose = [
  ['', 'All of it'],
  ['true', 'Nobody’s yet'],
  ['false', 'With its payment'],
] as const

const kinds = [
  ['', 'By any way'],
  ['stk', 'By prompt'],
  ['c2b', 'By paybill or till'],
  ['other', 'Another way'],
] as const

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
export function moneyRows({ now, ...listed }: Listed<MoneyIn>): Html {
  return listPart({
    ...listed,
    caption: 'Money in, newest first',
    prefix: 'min',
    path,
    columns: columns(listed.signedIn, now),
    none: empty({
      title: 'Money that comes will be here.',
      words: 'One line for each M-Pesa code, whether somebody was asked for it or paid by the menu.',
      action: html`<a class="may" href="/cashier">Ask a phone to pay</a>`,
    }),
    noneFits: 'No money fits that.',
  })
}

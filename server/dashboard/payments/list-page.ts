import { html } from 'hono/html'
import type { Payment } from '../../payments/payment.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import { field } from '../../web/parts/field.ts'
import { filterBar } from '../../web/parts/filter-bar.ts'
import type { NamedAccount } from '../accounts.ts'
import { listPart } from '../list-part.ts'
import type { Listed } from '../listed.ts'
import { dayAndAmountWords, narrowing } from '../query.ts'
import { paymentColumns } from './columns.ts'

/** What the list of payments shows: they are narrowed by account, too. */
export type PaymentList = Listed<Payment> & { accounts: NamedAccount[] }

const path = '/payments'
const statuses = [
  ['', 'Every status'],
  ['completed', 'Paid'],
  ['pending', 'Waiting'],
  ['failed', 'Not paid'],
  ['reversed', 'Went back'],
] as const

/** What the list can be narrowed to, above it. `more` are the filters that one seldom needs, folded away. */
export function paymentFilters({ typed, wrong, accounts }: PaymentList): Html {
  return html`${filterBar({
    action: path,
    results: 'payments',
    search: {
      label: 'Search payments',
      name: 'search',
      value: typed['search'] ?? '',
      placeholder: 'M-Pesa code, phone, name, reference',
    },
    choices: [
      { label: 'Status', name: 'status', value: typed['status'] ?? '', options: statuses },
      ...(accounts.length > 1
        ? [
            {
              label: 'Account',
              name: 'account',
              value: typed['account'] ?? '',
              options: [['', 'Every account'] as const, ...accounts.map(({ id, name }) => [id, name] as const)],
            },
          ]
        : []),
    ],
    ...narrowing(path, typed, filterNames),
    words: { show: 'Show', drop: 'Drop' },
  })}
  ${moreFilters(typed, wrong)}`
}

const filterNames: Record<string, string> = {
  ...dayAndAmountWords,
  phone: 'Phone',
  account_reference: 'Reference',
  external_reference: 'Your own reference',
  provider: 'Provider',
  invoice_id: 'Invoice',
}

function moreFilters(typed: Record<string, string>, wrong: Record<string, string>): Html {
  const one = (name: string, label: string, more: { type?: 'date' | 'tel'; placeholder?: string } = {}) =>
    field({
      id: `filter-${name}`,
      name,
      label,
      value: typed[name] ?? '',
      ...(wrong[name] && { error: wrong[name] }),
      ...more,
    })
  const isOpen = Object.keys(wrong).length > 0
  return html`<details class="more" id="more-filters" ${isOpen ? 'open' : ''}>
    <summary class="small soft">By day, amount, phone or reference</summary>
    <form class="form cols" method="get" action="${path}">
      ${['search', 'status', 'account'].map((name) => (typed[name] ? html`<input type="hidden" name="${name}" value="${typed[name]}" />` : ''))}
      ${one('since', 'From the day', { type: 'date' })} ${one('until', 'Until the day', { type: 'date' })}
      ${one('min_amount', 'At least, in KSh', { placeholder: '100' })}
      ${one('max_amount', 'At most, in KSh', { placeholder: '5000' })}
      ${one('phone', 'Phone', { type: 'tel', placeholder: '0712 345 678' })}
      ${one('account_reference', 'Reference', { placeholder: 'INV-204' })}
      ${one('external_reference', 'Your own reference')}
      <div class="acts"><button class="may firm">Show these</button></div>
    </form>
  </details>`
}

/** The payments themselves. */
export function paymentRows({ signedIn, typed, found, isLater, now }: PaymentList): Html {
  return listPart({
    caption: 'Payments, newest first',
    prefix: 'pay',
    path,
    typed,
    columns: paymentColumns(signedIn, now),
    found,
    isLater,
    none: empty({
      title: 'Your payments will be here.',
      words:
        'Ask a phone to pay at the counter, or let your shop ask by the API. Each appears here the moment it is asked for.',
      action: html`<a class="do" href="/cashier">Ask a phone to pay</a>`,
    }),
    noneFits: 'No payment fits that. Take a filter away, or search for less of the code, phone or name.',
  })
}

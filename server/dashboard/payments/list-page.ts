import { html } from 'hono/html'
import type { Payment } from '../../payments/payment.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import type { NamedAccount } from '../accounts.ts'
import { dayAndAmountWords, listFilters, moreFilters } from '../list-filters.ts'
import { listPart } from '../list-part.ts'
import type { Listed } from '../listed.ts'
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
export function paymentFilters(list: PaymentList): Html {
  const { accounts } = list
  const accountNames = accounts.map(({ id, name }) => [id, name] as const)
  return html`${listFilters(list, {
    path,
    results: 'payments',
    search: { label: 'Search payments', placeholder: 'M-Pesa code, phone, name, reference' },
    choices: [
      { label: 'Status', name: 'status', options: statuses },
      ...(accounts.length > 1
        ? [{ label: 'Account', name: 'account', options: [['', 'Every account'] as const, ...accountNames] }]
        : []),
    ],
    names: filterNames,
  })}
  ${moreFilters(list, {
    path,
    summary: 'By day, amount, phone or reference',
    kept: ['search', 'status', 'account'],
    fields: [
      { name: 'since', label: 'From the day', type: 'date' },
      { name: 'until', label: 'Until the day', type: 'date' },
      { name: 'min_amount', label: 'At least, in KSh', placeholder: '100' },
      { name: 'max_amount', label: 'At most, in KSh', placeholder: '5000' },
      { name: 'phone', label: 'Phone', type: 'tel', placeholder: '0712 345 678' },
      { name: 'account_reference', label: 'Reference', placeholder: 'INV-204' },
      { name: 'external_reference', label: 'Your own reference' },
    ],
  })}`
}

const filterNames = {
  ...dayAndAmountWords,
  phone: 'Phone',
  account_reference: 'Reference',
  external_reference: 'Your own reference',
  provider: 'Provider',
  invoice_id: 'Invoice',
}

/** The payments themselves. */
export function paymentRows({ now, ...listed }: PaymentList): Html {
  return listPart({
    ...listed,
    caption: 'Payments, newest first',
    prefix: 'pay',
    path,
    columns: paymentColumns(listed.signedIn, now),
    none: empty({
      title: 'Your payments will be here.',
      words:
        'Ask a phone to pay at the counter, or let your shop ask by the API. Each appears here the moment it is asked for.',
      action: html`<a class="do" href="/cashier">Ask a phone to pay</a>`,
    }),
    noneFits: 'No payment fits that. Take a filter away, or search for less of the code, phone or name.',
  })
}

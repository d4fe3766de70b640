import { html } from 'hono/html'
import { showId } from '../../id.ts'
import { calendarDay, dueOf } from '../../invoices/invoice.ts'
import type { Invoice } from '../../invoices/invoice.ts'
import { formatKes } from '../../money.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import type { Column } from '../../web/parts/table.ts'
import { showDay } from '../../web/parts/time.ts'
import { dayAndAmountWords, listFilters } from '../list-filters.ts'
import { listPart } from '../list-part.ts'
import { may } from '../may.ts'
import type { Listed } from '../listed.ts'
import type { SignedIn } from '../signed-in.ts'
import { when } from '../when.ts'
import { invoiceStatus, phoneFor } from '../words.ts'

const path = '/invoices'
const statuses = [
  ['', 'Every status'],
  ['open', 'Open'],
  ['part_paid', 'Part paid'],
  ['paid', 'Paid'],
  ['overpaid', 'Overpaid'],
  ['void', 'Void'],
] as const

/** What the list can be narrowed to, above it. */
export function invoiceFilters(list: Listed<Invoice>): Html {
  return listFilters(list, {
    path,
    results: 'invoices',
    search: {
      label: 'Search invoices',
      placeholder: 'Reference, customer, phone',
    },
    choices: [
      { label: 'Status', name: 'status', options: statuses },
      {
        label: 'Due',
        name: 'overdue',
        options: [
          ['', 'Due or not'],
          ['true', 'Overdue'],
          ['false', 'Not overdue'],
        ],
      },
    ],
    names: {
      ...dayAndAmountWords,
      reference: 'Reference',
      customer_phone: 'Phone',
      account: 'Account',
    },
  })
}

/** Whom an invoice is for: by name, else by phone, else by mail. */
export function customerOf(
  signedIn: SignedIn,
  {
    customer_name,
    customer_phone,
    customer_email,
  }: Pick<Invoice, 'customer_name' | 'customer_phone' | 'customer_email'>,
): string {
  return customer_name ?? (phoneFor(signedIn, customer_phone) || (customer_email ?? ''))
}

function columns(signedIn: SignedIn, now: Date): Column<Invoice>[] {
  return [
    {
      name: 'KSh',
      look: 'money',
      show: (invoice) =>
        html`<a href="${path}/${showId('inv', invoice.id)}"><b>${formatKes(invoice.total_cents)}</b></a>
          <div class="small soft only-small">${customerOf(signedIn, invoice)}</div>`,
    },
    {
      name: 'Status',
      show: (invoice) =>
        html`${invoiceStatus(invoice, now)}
          <div class="small soft only-small">
            ${invoice.reference}${invoice.due_on ? ` · due ${shownDay(invoice.due_on)}` : ''}
          </div>`,
    },
    {
      name: 'Left to pay',
      look: 'soft',
      isExtra: true,
      show: (invoice) => (dueOf(invoice) > 0 ? formatKes(dueOf(invoice)) : '–'),
    },
    {
      name: 'Customer',
      look: 'words',
      isExtra: true,
      show: (invoice) => html`<span class="breaks">${customerOf(signedIn, invoice) || '–'}</span>`,
    },
    { name: 'Reference', isExtra: true, show: ({ reference }) => reference },
    { name: 'Due', isExtra: true, show: ({ due_on }) => (due_on ? shownDay(due_on) : '–') },
    {
      name: 'Made',
      look: 'num',
      isExtra: true,
      show: ({ created_at }) => html`<span class="soft">${when(created_at, now)}</span>`,
    },
  ]
}

/** The day by which an invoice is to be paid, as people read it. */
export function shownDay(day: Date): string {
  return showDay(new Date(`${calendarDay(day)}T12:00:00+03:00`), 'en')
}

/** The invoices themselves. */
export function invoiceRows({ now, ...listed }: Listed<Invoice>): Html {
  return listPart({
    ...listed,
    caption: 'Invoices, newest first',
    prefix: 'inv',
    path,
    columns: columns(listed.signedIn, now),
    none: empty({
      title: 'Your invoices will be here.',
      words: 'An invoice has a page at which it is paid, whole or in instalments, by prompt or at the paybill.',
      ...(may(listed.signedIn, 'invoices:write') && {
        action: html`<a class="do" href="${path}/new">Make an invoice</a>`,
      }),
    }),
    noneFits: 'No invoice fits that.',
  })
}

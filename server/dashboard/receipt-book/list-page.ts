import { html } from 'hono/html'
import { formatKes } from '../../money.ts'
import { receiptPath } from '../../receipts/link.ts'
import { receiptNumber, whatFor } from '../../receipts/receipt.ts'
import type { FoundReceipt } from '../../receipts/receipt.ts'
import { showId } from '../../id.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import { code } from '../../web/parts/facts.ts'
import { status } from '../../web/parts/status.ts'
import type { Column } from '../../web/parts/table.ts'
import { dayAndAmountWords, listFilters } from '../list-filters.ts'
import { listPart } from '../list-part.ts'
import { payerOf } from '../payments/columns.ts'
import type { Listed } from '../listed.ts'
import type { SignedIn } from '../signed-in.ts'
import { when } from '../when.ts'

const path = '/receipt-book'

const states = {
  issued: ['completed', 'Issued'],
  reversed: ['reversed', 'Went back'],
  replaced: ['idle', 'Replaced'],
} as const

/** What the list can be narrowed to, above it. */
export function receiptFilters(list: Listed<FoundReceipt>): Html {
  return listFilters(list, {
    path,
    results: 'receipts',
    search: {
      label: 'Search receipts',
      placeholder: 'Number, M-Pesa code, payer, reference',
    },
    choices: [
      {
        label: 'Status',
        name: 'status',
        options: [
          ['', 'Every status'],
          ['issued', 'Issued'],
          ['reversed', 'Went back'],
          ['replaced', 'Replaced'],
        ],
      },
    ],
    names: dayAndAmountWords,
  })
}

function columns(signedIn: SignedIn, now: Date): Column<FoundReceipt>[] {
  return [
    {
      name: 'Number',
      show: (receipt) =>
        html`<a href="${receiptPath(receipt)}"><b class="num">${receiptNumber(receipt)}</b></a>
          <div class="small soft only-small">${payerOf(signedIn, receipt)}</div>`,
    },
    {
      name: 'KSh',
      look: 'money',
      show: (receipt) =>
        html`<a href="/payments/${showId('pay', receipt.payment_id)}">${formatKes(receipt.amount_cents)}</a>
          <div class="small soft only-small">${when(receipt.issued_at, now)}</div>`,
    },
    { name: 'Status', isExtra: true, show: ({ status: is }) => status(states[is][0], states[is][1]) },
    { name: 'Payer', look: 'soft', isExtra: true, show: (receipt) => payerOf(signedIn, receipt) },
    {
      name: 'For',
      look: 'words',
      isExtra: true,
      show: (receipt) => html`<span class="soft breaks">${whatFor(receipt)}</span>`,
    },
    {
      name: 'M-Pesa code',
      isExtra: true,
      show: ({ provider_receipt }) => (provider_receipt ? code(provider_receipt) : html`<span class="soft">–</span>`),
    },
    {
      name: 'Issued',
      look: 'num',
      isExtra: true,
      show: ({ issued_at }) => html`<span class="soft">${when(issued_at, now)}</span>`,
    },
    {
      name: 'PDF',
      look: 'num',
      show: (receipt) =>
        html`<a href="${receiptPath(receipt, '.pdf')}" aria-label="Receipt ${receiptNumber(receipt)} as a PDF">PDF</a>`,
    },
  ]
}

/** The receipts themselves. */
export function receiptRows({ now, ...listed }: Listed<FoundReceipt>): Html {
  return listPart({
    ...listed,
    caption: 'Receipts, newest first',
    prefix: 'rct',
    path,
    columns: columns(listed.signedIn, now),
    none: empty({
      title: 'Your receipts will be here.',
      words: 'Each payment that is paid has one a moment later, numbered without gaps for each year.',
      action: html`<a class="may" href="/cashier">Ask a phone to pay</a>`,
    }),
    noneFits: 'No receipt fits that.',
  })
}

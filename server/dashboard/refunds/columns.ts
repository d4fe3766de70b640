import { html } from 'hono/html'
import { showId } from '../../id.ts'
import { formatKes } from '../../money.ts'
import type { Refund } from '../../refunds/refund.ts'
import type { Html } from '../../web/html.ts'
import { code } from '../../web/parts/facts.ts'
import { table } from '../../web/parts/table.ts'
import type { Column } from '../../web/parts/table.ts'
import { when } from '../when.ts'
import { refundStatus } from '../words.ts'

/** What a list shows of refunds. */
export function refundColumns(now: Date): Column<Refund>[] {
  return [
    {
      name: 'KSh',
      look: 'money',
      show: ({ id, amount_cents }) =>
        html`<a href="/refunds/${showId('ref', id)}"><b>${formatKes(amount_cents)}</b></a>`,
    },
    { name: 'Status', show: refundStatus },
    { name: 'Of the code', isExtra: true, show: ({ payment_receipt }) => code(payment_receipt) },
    {
      name: 'Why',
      look: 'words',
      show: ({ reason, origin }) =>
        reason ?? html`<span class="soft">${origin === 'portal' ? 'At M-Pesa’s portal' : '–'}</span>`,
    },
    {
      name: 'Asked for',
      look: 'num',
      isExtra: true,
      show: ({ created_at }) => html`<span class="soft">${when(created_at, now)}</span>`,
    },
  ]
}

/** The refunds of one thing. */
export function refundTable(refunds: Refund[], now: Date): Html {
  return table('Refunds', refundColumns(now), refunds)
}

import { html } from 'hono/html'
import { showId } from '../../id.ts'
import { formatKes } from '../../money.ts'
import type { Payout } from '../../payouts/payout.ts'
import { code } from '../../web/parts/facts.ts'
import type { Column } from '../../web/parts/table.ts'
import type { SignedIn } from '../signed-in.ts'
import { when } from '../when.ts'
import { payoutStatus, phoneFor } from '../words.ts'

/** To whom a payout goes: by name once M-Pesa has told it, else by phone or short code. */
export function receiverOf(
  signedIn: SignedIn,
  {
    receiver_name,
    phone,
    shortcode,
    shortcode_type,
  }: Pick<Payout, 'receiver_name' | 'phone' | 'shortcode' | 'shortcode_type'>,
): string {
  return receiver_name ?? (phone ? phoneFor(signedIn, phone) : `${shortcode_type} ${shortcode}`)
}

/** What a list shows of payouts. */
export function payoutColumns(signedIn: SignedIn, now: Date): Column<Payout>[] {
  return [
    {
      name: 'KSh',
      look: 'money',
      show: (payout) =>
        html`<a href="/payouts/${showId('pot', payout.id)}"><b>${formatKes(payout.amount_cents)}</b></a>
          <div class="small soft only-small">${receiverOf(signedIn, payout)}</div>`,
    },
    {
      name: 'Status',
      show: (payout) =>
        html`${payoutStatus(payout)}
          <div class="small soft only-small">${when(payout.created_at, now)}</div>`,
    },
    { name: 'To', look: 'soft', isExtra: true, show: (payout) => receiverOf(signedIn, payout) },
    {
      name: 'For',
      look: 'soft',
      isExtra: true,
      show: ({ remarks, external_reference }) => remarks ?? external_reference ?? '–',
    },
    {
      name: 'M-Pesa code',
      isExtra: true,
      show: ({ provider_receipt }) => (provider_receipt ? code(provider_receipt) : html`<span class="soft">–</span>`),
    },
    {
      name: 'Time',
      look: 'num',
      isExtra: true,
      show: ({ created_at }) => html`<span class="soft">${when(created_at, now)}</span>`,
    },
  ]
}

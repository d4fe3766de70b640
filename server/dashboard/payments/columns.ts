import { html } from 'hono/html'
import { showId } from '../../id.ts'
import { formatKes } from '../../money.ts'
import type { Payment } from '../../payments/payment.ts'
import { code } from '../../web/parts/facts.ts'
import type { Column } from '../../web/parts/table.ts'
import type { SignedIn } from '../signed-in.ts'
import { when } from '../when.ts'
import { paymentStatus, phoneFor } from '../words.ts'

type Of = Column<Payment>

/** The amount, as the way to the payment; on a narrow screen with what the other columns would say. */
const amountOf = (signedIn: SignedIn): Of => ({
  name: 'KSh',
  look: 'money',
  show: (payment) =>
    html`<a href="/payments/${showId('pay', payment.id)}"><b>${formatKes(payment.amount_cents)}</b></a>
      <div class="small soft only-small">${payerOf(signedIn, payment)}</div>`,
})

const codeOf: Of = {
  name: 'M-Pesa code',
  show: ({ provider_receipt }) => (provider_receipt ? code(provider_receipt) : html`<span class="soft">–</span>`),
}

const statusOf = (now: Date): Of => ({
  name: 'Status',
  show: (payment) =>
    html`${paymentStatus(payment)}
      <div class="small soft only-small">
        ${payment.provider_receipt ? code(payment.provider_receipt) : payment.sent_reference} ·
        ${when(payment.created_at, now)}
      </div>`,
})

const timeOf = (now: Date): Of => ({
  name: 'Time',
  look: 'num',
  isExtra: true,
  show: ({ created_at }) => html`<span class="soft">${when(created_at, now)}</span>`,
})

/** What a list shows of payments. */
export function paymentColumns(signedIn: SignedIn, now: Date): Of[] {
  return [
    amountOf(signedIn),
    statusOf(now),
    { name: 'Payer', look: 'soft', isExtra: true, show: (payment) => payerOf(signedIn, payment) },
    { name: 'Reference', look: 'soft', isExtra: true, show: ({ sent_reference }) => sent_reference },
    { ...codeOf, isExtra: true },
    timeOf(now),
  ]
}

/** What the overview shows of the latest payments. */
export function latestColumns(signedIn: SignedIn, now: Date): Of[] {
  return [
    amountOf(signedIn),
    statusOf(now),
    {
      name: 'Payer',
      isExtra: true,
      show: (payment) =>
        html`${payerOf(signedIn, payment)}
          <div class="small soft">${payment.sent_reference}</div>`,
    },
    { ...codeOf, isExtra: true },
    timeOf(now),
  ]
}

/** Who pays: by name where it is known, else by phone. */
export function payerOf(
  signedIn: SignedIn,
  payment: Pick<Payment, 'phone' | 'payer_phone_masked' | 'payer_name'>,
): string {
  const { phone, payer_phone_masked, payer_name } = payment
  return shortened(payer_name) || phoneFor(signedIn, phone, payer_phone_masked) || '–'
}

const nameMax = 20

function shortened(name: string | null): string {
  return name && name.length > nameMax ? `${name.slice(0, nameMax - 1)}…` : (name ?? '')
}

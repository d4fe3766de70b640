import { html } from 'hono/html'
import { showId } from '../id.ts'
import type { Html } from '../web/html.ts'
import { showHidden, showMasked } from '../web/parts/phone.ts'
import type { Payment } from '../payments/payment.ts'
import type { Bill, Checkout } from './checkout.ts'

/** The phone that was asked, so that its owner knows it, and nobody else learns it. */
export function phoneOf({ payment }: Checkout): string {
  if (payment.phone) return showMasked(payment.phone)
  return payment.payer_phone_masked ? showHidden(payment.payer_phone_masked) : ''
}

/** The way back to the merchant's own site, which is told what became of the payment. */
export function wayBack(checkout: Checkout): Html | string {
  const { payment, merchant, say } = checkout
  return payment.return_url ? html`<a class="may" href="${returnUrl(payment)}">${say('back', { merchant })}</a>` : ''
}

/** The way to the invoice that a payment is of. */
export function seeInvoice({ payment: { invoice_id }, say, query }: Checkout): Html | string {
  return invoice_id
    ? html`<a class="may" href="/pay/${showId('inv', invoice_id)}${query}">${say('see_invoice')}</a>`
    : ''
}

/** The way to name the code of what was paid, small at the foot of a sheet. */
export function nameCode({ say, path, query }: Bill): Html {
  return html`<p class="asides"><a href="${path}/code${query}">${say('have_paid')}</a></p>`
}

/** What else one may do here, small at the foot of the sheet: name a code, or go back. */
export function asides(
  { payment, merchant, say, path, query }: Checkout,
  { hasPaid }: { hasPaid: boolean },
): Html | string {
  const back = payment.return_url && html`<a href="${returnUrl(payment)}">${say('back', { merchant })}</a>`
  if (!hasPaid) return back ? html`<p class="asides">${back}</p>` : ''
  return html`<p class="asides"><a href="${path}/code${query}">${say('have_paid')}</a> ${back ?? ''}</p>`
}

function returnUrl({ id, return_url, status }: Payment): string {
  const url = new URL(return_url!)
  url.searchParams.set('payment_id', showId('pay', id))
  url.searchParams.set('status', status === 'created' ? 'pending' : status)
  return url.href
}

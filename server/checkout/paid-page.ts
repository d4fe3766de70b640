import { html } from 'hono/html'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { money } from '../web/parts/amount.ts'
import { code, facts } from '../web/parts/facts.ts'
import { ring } from '../web/parts/ring.ts'
import { moment } from '../web/parts/time.ts'
import type { Checkout } from './checkout.ts'
import { phoneOf, seeInvoice, wayBack } from './parts.ts'
import { sheet, state } from './sheet.ts'

/** The money has moved: a ticket to keep. */
export function paidPage(checkout: Checkout): Html {
  const { payment, merchant, what, say, language, path, query } = checkout
  const { provider_receipt, refunded_cents, paid_at, completed_at } = payment
  const follows = provider_receipt ? '' : html`<p>${prose(say('code_follows_hint'))}</p>`
  const body = html`${state(ring('tick', 'good'), say('paid'), follows)}
    <hr />
    ${facts([
      [say('code'), provider_receipt ? code(provider_receipt) : html`<span class="soft">${say('code_follows')}</span>`],
      [say('amount'), money(payment.amount_cents)],
      [say('commission'), payment.commission_cents > 0 ? money(payment.commission_cents) : ''],
      [say('returned'), refunded_cents > 0 ? money(refunded_cents) : ''],
      [say('to'), merchant],
      [say('for'), prose(what)],
      [say('from'), phoneOf(checkout) && html`<span class="whole">${phoneOf(checkout)}</span>`],
      [say('when'), moment(paid_at ?? completed_at!, language)],
    ])}
    <a class="may" href="${path}/receipt${query}">${say('receipt')}</a> ${seeInvoice(checkout)} ${wayBack(checkout)}`
  return sheet(checkout, { title: say('paid'), label: say('paid_label'), look: 'ticket', body })
}

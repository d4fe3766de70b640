import { html } from 'hono/html'
import { formatKes } from '../money.ts'
import { prose } from '../web/parts.ts'
import type { Html } from '../web/parts.ts'
import type { Checkout } from './checkout.ts'
import { amount, moment, phoneOf, ring, sheet, wayBack, whatFor } from './parts.ts'

/** The money has moved: a ticket to keep. */
export function paidPage(checkout: Checkout): Html {
  const { payment, merchant, say } = checkout
  const { provider_receipt, refunded_cents, paid_at, completed_at } = payment
  const facts: [name: string, value: Html | string][] = [
    [say('code'), code(checkout)],
    [say('amount'), money(payment.amount_cents)],
    ...(refunded_cents > 0 ? [[say('returned'), money(refunded_cents)] as [string, Html]] : []),
    [say('to'), merchant],
    [say('for'), whatFor(payment)],
    [say('from'), phoneOf(checkout)],
    [say('when'), moment(checkout, paid_at ?? completed_at!)],
  ]
  const body = html`${ring('tick', 'good')}
    <div class="said">
      <h1>${say('paid')}</h1>
      ${amount(checkout)} ${provider_receipt ? '' : html`<p>${prose(say('code_follows_hint'))}</p>`}
    </div>
    <hr />
    <dl class="facts">
      ${facts
        .filter(([, value]) => value !== '')
        .map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
    </dl>
    ${wayBack(checkout)}`
  return sheet(checkout, { title: say('paid'), look: 'ticket', body })
}

function code({ payment, say }: Checkout): Html {
  if (!payment.provider_receipt) return html`<span class="soft">${say('code_follows')}</span>`
  return html`<span class="code">${payment.provider_receipt}</span>`
}

function money(cents: number): Html {
  return html`<span class="money">KSh ${formatKes(cents)}</span>`
}

import { html } from 'hono/html'
import { bigMoney, prose, showMoney } from '../web/parts.ts'
import type { Html } from '../web/parts.ts'
import type { Checkout } from './checkout.ts'
import { sheet, wayBack } from './parts.ts'

/** How much, to whom, and from which phone. */
export function askPage(checkout: Checkout): Html {
  const { payment, merchant, say, path, query, refused } = checkout
  const body = html`<form class="ask" method="post" action="${path}${query}">
      <h1 class="amount money">${bigMoney(payment.amount_cents)}</h1>
      <label>
        <span class="small soft">${say('phone')}</span>
        <span class="field"
          ><input
            name="phone"
            type="tel"
            autocomplete="tel"
            maxlength="40"
            placeholder="0712 345 678"
            value="${refused?.typed ?? ''}"
            ${refused ? html`aria-invalid="true" aria-describedby="wrong" autofocus` : ''}
        /></span>
        ${refused ? html`<span class="wrong" id="wrong" role="alert">${say(refused.because)}</span>` : ''}
      </label>
      <button class="do" data-busy="${say('busy')}">${say('pay', { amount: showMoney(payment.amount_cents) })}</button>
      <p class="small soft">${prose(say('pay_hint'))}</p>
    </form>
    ${wayBack(checkout, 'aside')}`
  return sheet(checkout, { title: say('title_ask', { merchant }), look: '', body })
}

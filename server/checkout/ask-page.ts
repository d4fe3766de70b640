import { html } from 'hono/html'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { showMoney } from '../web/parts/amount.ts'
import { byHand } from './by-hand.ts'
import type { Checkout } from './checkout.ts'
import { asides } from './parts.ts'
import { sheet } from './sheet.ts'
import { isHandBetter } from './state.ts'

/** How much, to whom, and from which phone. */
export function askPage(checkout: Checkout): Html {
  const { payment, merchant, say, path, query, refused } = checkout
  const body = html`<form method="post" action="${path}${query}">
      <h1 class="unseen">${say('title_ask', { merchant })}</h1>
      <label
        ><span class="small soft">${prose(say('phone'))}</span>
        <span class="field ${refused ? 'bad' : ''}"
          ><input
            id="phone"
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
      <button class="do" data-busy="${say('busy')}">
        ${prose(say('pay', { amount: showMoney(payment.amount_cents) }))}
      </button>
      <p class="small soft">${prose(say('pay_hint'))}</p>
    </form>
    ${byHand(checkout, { ...checkout, reference: payment.sent_reference }, { isOpen: isHandBetter(checkout) })}
    ${asides(checkout, { hasPaid: false })}`
  return sheet(checkout, { title: say('title_ask', { merchant }), label: say('to_pay'), body })
}

import { html } from 'hono/html'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { showMoney } from '../web/parts/amount.ts'
import { ring } from '../web/parts/ring.ts'
import type { Checkout } from './checkout.ts'
import { asides, phoneOf } from './parts.ts'
import { sheet, state } from './sheet.ts'
import { isNothingTaken, mayRetry, reasonOf } from './state.ts'

/** It did not work out: what happened, whether money was taken, and what to do. */
export function failedPage(checkout: Checkout): Html {
  const { payment, merchant, say } = checkout
  const reason = reasonOf(payment)
  const values = { phone: phoneOf(checkout), merchant, amount: showMoney(payment.amount_cents) }
  const title = say(`failed_${reason}`)
  const isSure = isNothingTaken(reason)
  const words = html`<p>
      ${isSure ? html`<strong>${say('nothing_taken')}</strong>` : ''} ${prose(say(`failed_${reason}_advice`, values))}
    </p>
    ${isSure ? '' : html`<p class="small">${prose(say('sms_first'))}</p>`}
    ${mayRetry(checkout) ? '' : html`<p class="small">${say('no_more_tries', { merchant })}</p>`}`
  const body = html`${state(ring('cross', 'bad'), title, words)} ${mayRetry(checkout) ? retryForm(checkout) : ''}
  ${asides(checkout, { hasPaid: checkout.asks === 'by_prompt' })}`
  return sheet(checkout, { title, label: say('not_paid'), body })
}

/** One form, three ways: the same phone is asked at once; another one, or none, on the page of the new attempt. */
function retryForm(checkout: Checkout): Html {
  const { payment, say, path, query } = checkout
  const same = html`<button class="do" name="phone" value="same" data-busy="${say('busy')}">
    ${prose(say('try_again', { phone: phoneOf(checkout) }))}
  </button>`
  if (checkout.asks === 'at_page')
    return html`<form method="post" action="${path}/again${query}">
      <button class="do" name="phone" value="none">${say('at_ecitizen')}</button>
    </form>`
  return html`<form method="post" action="${path}/again${query}">
    ${payment.phone ? same : ''}<button class="may" name="phone" value="other">${say('other_number')}</button
    ><button class="may" name="phone" value="none">${say('by_hand_instead')}</button>
  </form>`
}

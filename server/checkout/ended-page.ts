import { html } from 'hono/html'
import { prose, showMoney } from '../web/parts.ts'
import type { Html } from '../web/parts.ts'
import type { Checkout } from './checkout.ts'
import { amount, phoneOf, ring, sheet, wayBack } from './parts.ts'
import { isNothingTaken, mayRetry, reasonOf } from './state.ts'

/** It did not work out: what happened, whether money was taken, and what to do. */
export function failedPage(checkout: Checkout): Html {
  const { payment, merchant, say } = checkout
  const reason = reasonOf(payment)
  const values = { phone: phoneOf(checkout), merchant, amount: showMoney(payment.amount_cents) }
  const title = say(`failed_${reason}`)
  const body = html`${ring('cross', 'bad')}
    <div class="said">
      <h1>${title}</h1>
      ${amount(checkout)}
      <p>
        ${isNothingTaken(reason) ? html`<strong>${say('nothing_taken')}</strong>` : ''}
        ${prose(say(`failed_${reason}_advice`, values))}
      </p>
      ${isNothingTaken(reason) ? '' : html`<p class="small">${prose(say('sms_first'))}</p>`}
    </div>
    ${mayRetry(checkout) ? retryForm(checkout) : html`<p class="said small">${say('no_more_tries', { merchant })}</p>`}
    ${wayBack(checkout, 'aside')}`
  return sheet(checkout, { title, look: '', body })
}

/** One form, two ways: the same phone is asked at once, another one is typed on the page of the new attempt. */
function retryForm(checkout: Checkout): Html {
  const { say, path, query } = checkout
  return html`<form method="post" action="${path}/again${query}">
    <button class="do" name="phone" value="same" data-busy="${say('busy')}">
      ${say('try_again', { phone: phoneOf(checkout) })}
    </button>
    <button class="may" name="phone" value="other">${say('other_number')}</button>
  </form>`
}

/** Nobody paid in time, and nothing was sent. */
export function expiredPage(checkout: Checkout): Html {
  return endedPage(checkout, 'expired', ring('clock', 'late'))
}

/** Nobody will ever know from the provider alone. */
export function unclearPage(checkout: Checkout): Html {
  return endedPage(checkout, 'unclear', ring('search', 'late'))
}

/** The money went back. */
export function reversedPage(checkout: Checkout): Html {
  return endedPage(checkout, 'reversed', ring('back', 'back'))
}

function endedPage(checkout: Checkout, state: 'expired' | 'unclear' | 'reversed', drawing: Html): Html {
  const { payment, merchant, say } = checkout
  const title = say(state)
  const body = html`${drawing}
    <div class="said">
      <h1>${title}</h1>
      ${amount(checkout)}
      <p>${prose(say(`${state}_advice`, { merchant, amount: showMoney(payment.amount_cents) }))}</p>
    </div>
    ${wayBack(checkout)}`
  return sheet(checkout, { title, look: '', body })
}

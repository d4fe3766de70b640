import { html } from 'hono/html'
import { prose, showMoney } from '../web/parts.ts'
import type { Html } from '../web/parts.ts'
import type { Checkout } from './checkout.ts'
import { amount, phoneOf, ring, sheet } from './parts.ts'
import { isSlow } from './state.ts'

/** The phone was asked: what the payer does there, and what to do when nothing happens. */
export function waitPage(checkout: Checkout): Html {
  const { merchant, say } = checkout
  const isLate = isDelayed(checkout)
  const body = html`${ring(isLate ? 'clock' : 'phone', isLate ? 'late' : 'rings')}
    <div class="said">
      <h1>${say('check_phone')}</h1>
      ${amount(checkout)}
      <p>${prose(say(sentence(checkout), { phone: phoneOf(checkout), merchant }))}</p>
      <p class="small">${say('page_changes')}</p>
    </div>
    ${nothingCame(checkout)}`
  return sheet(checkout, { title: say('check_phone'), look: '', body })
}

function isDelayed(checkout: Checkout): boolean {
  return checkout.payment.provider_outcome === 'unknown' || isSlow(checkout)
}

function sentence(checkout: Checkout) {
  const { provider_outcome } = checkout.payment
  if (provider_outcome === 'unknown') return 'unsure'
  if (isSlow(checkout)) return 'slow'
  return provider_outcome === null ? 'sending' : 'enter_pin'
}

function nothingCame(checkout: Checkout): Html {
  const { payment, account, merchant, say } = checkout
  return html`<details ${isDelayed(checkout) ? 'open' : ''}>
    <summary>${say('nothing_came')}</summary>
    <p>${prose(say('look_at_phone', { phone: phoneOf(checkout) }))}</p>
    <p>${prose(say('by_hand'))}<br /><b>${say(account.type === 'till' ? 'buy_goods' : 'pay_bill')}</b></p>
    <dl class="facts">
      ${
        account.type === 'till'
          ? fact(say('till_number'), account.till ?? account.shortcode)
          : [fact(say('business_number'), account.shortcode), fact(say('account_number'), payment.sent_reference)]
      }
      <div>
        <dt>${say('amount')}</dt>
        <dd class="money">${showMoney(payment.amount_cents)}</dd>
      </div>
    </dl>
    <p class="soft">${prose(say(account.c2b_registered_at ? 'by_hand_seen' : 'by_hand_unseen', { merchant }))}</p>
  </details>`
}

function fact(name: string, value: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd class="code">${value}</dd>
  </div>`
}

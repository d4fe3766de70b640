import { html } from 'hono/html'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { ring } from '../web/parts/ring.ts'
import { byHand } from './by-hand.ts'
import type { Checkout } from './checkout.ts'
import { phoneOf } from './parts.ts'
import { sheet, state } from './sheet.ts'
import { isHandBetter, isSlow } from './state.ts'

/** The phone was asked: what the payer does there, and what to do when nothing happens. */
export function waitPage(checkout: Checkout): Html {
  const { payment, merchant, say } = checkout
  const phone = phoneOf(checkout)
  const isLate = payment.provider_outcome === 'unknown' || isSlow(checkout)
  const words = html`<p>${prose(say(sentence(checkout), { phone, merchant }))}</p>
    <p class="small">${isHandBetter(checkout) ? prose(say('look_at_phone', { phone })) : say('page_changes')}</p>`
  const body = html`${state(isLate ? ring('clock', 'late') : ring('phone', 'rings'), say('check_phone'), words)}
  ${byHand(checkout, { ...checkout, reference: payment.sent_reference }, { isOpen: isHandBetter(checkout) })}`
  return sheet(checkout, { title: say('check_phone'), label: say('to_pay'), body })
}

function sentence(checkout: Checkout) {
  const { provider_outcome } = checkout.payment
  if (provider_outcome === 'unknown') return 'unsure'
  if (isSlow(checkout)) return 'slow'
  return provider_outcome === null ? 'sending' : 'enter_pin'
}

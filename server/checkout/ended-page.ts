import { html } from 'hono/html'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { showMoney } from '../web/parts/amount.ts'
import { ring } from '../web/parts/ring.ts'
import type { Checkout } from './checkout.ts'
import { asides, wayBack } from './parts.ts'
import { sheet, state } from './sheet.ts'

/** Nobody paid in time, and nothing was sent. */
export function expiredPage(checkout: Checkout): Html {
  return endedPage(checkout, { word: 'expired', label: 'not_paid', drawing: ring('clock', 'late') })
}

/** Nobody will ever know from the provider alone. */
export function unclearPage(checkout: Checkout): Html {
  return endedPage(checkout, { word: 'unclear', label: 'not_known', drawing: ring('search', 'late') })
}

/** The money went back. */
export function reversedPage(checkout: Checkout): Html {
  return endedPage(checkout, { word: 'reversed', label: 'returned_label', drawing: ring('back', 'back') })
}

type End = {
  word: 'expired' | 'unclear' | 'reversed'
  label: 'not_paid' | 'not_known' | 'returned_label'
  drawing: Html
}

function endedPage(checkout: Checkout, { word, label, drawing }: End): Html {
  const { payment, merchant, say } = checkout
  const advice = say(`${word}_advice`, { merchant, amount: showMoney(payment.amount_cents) })
  const body = html`${state(drawing, say(word), html`<p>${prose(advice)}</p>`)}
  ${word === 'reversed' ? wayBack(checkout) : asides(checkout, { hasPaid: checkout.asks === 'by_prompt' })}`
  return sheet(checkout, { title: say(word), label: say(label), body })
}

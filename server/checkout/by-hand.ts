import { html } from 'hono/html'
import { flag, prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { formatKes } from '../money.ts'
import { facts } from '../web/parts/facts.ts'
import type { Fact } from '../web/parts/facts.ts'
import type { Bill, Checkout } from './checkout.ts'

/** What one types into the M-PESA menu to pay without being asked. */
export type ByHand = Pick<Checkout, 'account'> & { reference: string }

/** The second way to pay, which needs no prompt: folded away, unless the prompt did not come. */
export function byHand(
  bill: Bill,
  { account, reference }: ByHand,
  { isOpen, mayNameCode = true }: { isOpen: boolean; mayNameCode?: boolean },
): Html {
  const { merchant, say, path, query } = bill
  const isTill = account.type === 'till'
  const number: Fact[] = isTill
    ? [[say('till_number'), whole(account.till ?? account.shortcode)]]
    : [
        [say('pay_bill'), whole(account.shortcode)],
        [say('account_number'), whole(reference)],
      ]
  const last = !account.c2b_registered_at ? 'by_hand_unseen' : isTill ? 'by_hand_till' : 'by_hand_seen'
  return html`<details class="fold" id="by-hand" ${flag('open', isOpen)}>
    <summary>${say('by_hand')}</summary>
    <div class="hand">${facts([...number, [say('amount'), formatKes(bill.amount_cents, 'short')]])}</div>
    <ol class="steps">
      <li>${prose(say(isTill ? 'menu_till' : 'menu_paybill'))}</li>
      <li>${say(isTill ? 'type_two' : 'type_three')}</li>
      <li>
        ${prose(say(last, { merchant }))}
        ${last === 'by_hand_seen' ? html`<noscript>${say('open_again')}</noscript>` : ''}
      </li>
    </ol>
    ${mayNameCode ? html`<a class="may" href="${path}/code${query}">${say('have_paid')}</a>` : ''}
  </details>`
}

function whole(text: string): Html {
  return html`<span class="whole">${text}</span>`
}

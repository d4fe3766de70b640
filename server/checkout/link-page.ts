import { html } from 'hono/html'
import { isUsedUp } from '../links/link.ts'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { ring } from '../web/parts/ring.ts'
import type { LinkBill } from './bill.ts'
import { billForm } from './bill-form.ts'
import { nameCode } from './parts.ts'
import { sheet, state } from './sheet.ts'

/** The page of a payment link: how much, and from which phone; or that it has ended. */
export function linkPage(bill: LinkBill): Html {
  const { link, merchant, say, path, query, seen } = bill
  const isFree = link.amount_cents === null
  if (link.ended_at || isUsedUp(link)) {
    const words = html`<p>${prose(say('link_ended_advice', { merchant }))}</p>`
    const body = state(ring('clock', 'late'), say('link_ended'), words)
    return sheet(bill, { title: say('link_ended'), label: isFree ? '' : say('to_pay'), body, hasAmount: !isFree })
  }
  const byHand = html`<form method="post" action="${path}${query}">
    <input type="hidden" name="seen" value="${seen}" />
    <button class="may" name="by" value="hand">${say('by_hand_instead')}</button>
  </form>`
  const body = html`<h1 class="${isFree ? '' : 'unseen'}">${say('title_ask', { merchant })}</h1>
    ${billForm(bill, { isFree })} ${isFree ? '' : byHand} ${nameCode(bill)}`
  return sheet(bill, {
    title: say('title_ask', { merchant }),
    label: isFree ? '' : say('to_pay'),
    body,
    hasAmount: !isFree,
  })
}

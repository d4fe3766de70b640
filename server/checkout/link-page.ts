import { html } from 'hono/html'
import { isUsedUp } from '../links/link.ts'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { ring } from '../web/parts/ring.ts'
import { atPageFold, atPageForm } from './at-page-form.ts'
import { isFree } from './bill.ts'
import type { LinkBill } from './bill.ts'
import { billForm } from './bill-form.ts'
import { nameCode } from './parts.ts'
import { sheet, state } from './sheet.ts'

/** The page of a payment link: how much, and from which phone; or that it has ended. */
export function linkPage(bill: LinkBill): Html {
  const { link, merchant, say, atPage } = bill
  const hasAmount = !isFree(bill)
  if (link.ended_at || isUsedUp(link)) {
    const words = html`<p>${prose(say('link_ended_advice', { merchant }))}</p>`
    const body = state(ring('clock', 'late'), say('link_ended'), words)
    return sheet(bill, { title: say('link_ended'), label: hasAmount ? say('to_pay') : '', body, hasAmount })
  }
  const body = html`<h1 class="${hasAmount ? 'unseen' : ''}">${say('title_ask', { merchant })}</h1>
    ${atPage?.provider === link.provider ? atPageForm(bill) : byPrompt(bill)}`
  return sheet(bill, { title: say('title_ask', { merchant }), label: hasAmount ? say('to_pay') : '', body, hasAmount })
}

function byPrompt(bill: LinkBill): Html {
  const { say, path, query, seen } = bill
  const byHand = html`<form method="post" action="${path}${query}">
    <input type="hidden" name="seen" value="${seen}" />
    <button class="may" name="by" value="hand">${say('by_hand_instead')}</button>
  </form>`
  return html`${billForm(bill, { isFree: isFree(bill) })} ${atPageFold(bill)} ${isFree(bill) ? '' : byHand}
  ${nameCode(bill)}`
}

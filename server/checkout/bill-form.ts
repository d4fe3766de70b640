import { html } from 'hono/html'
import { formatKes } from '../money.ts'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { showMoney } from '../web/parts/amount.ts'
import type { InvoiceBill, LinkBill } from './bill.ts'
import { field } from './field.ts'

/** How much, where the payer may say so, and from which phone. `isFree` where the payer writes the amount. */
export function billForm(bill: InvoiceBill | LinkBill, { isFree, hint }: { isFree: boolean; hint?: string }): Html {
  const { say, path, query, seen, refused, amount_cents, most_cents } = bill
  const { phone, amount, form } = refused?.because ?? {}
  const most = Math.min(amount_cents || most_cents, most_cents)
  const proposed = amount_cents > 0 ? formatKes(most, 'short').replaceAll(',', '') : ''
  const how = { inputmode: 'numeric', autocomplete: 'off', maxlength: '20', placeholder: '' }
  const tel = { inputmode: 'tel', autocomplete: 'tel', maxlength: '40', placeholder: '0712 345 678' }
  return html`<form method="post" action="${path}${query}">
    ${form ? html`<p class="wrong" role="alert">${say(form)}</p>` : ''}
    <input type="hidden" name="seen" value="${seen}" />
    ${
      isFree
        ? field(
            { name: 'amount', label: say('how_much'), value: refused?.amount ?? proposed, ...how },
            amount && say(amount, { most: showMoney(most) }),
            hint,
          )
        : ''
    }
    ${field({ name: 'phone', label: say('phone'), value: refused?.phone ?? '', ...tel }, phone && say(phone))}
    <button class="do" data-busy="${say('busy')}">
      ${prose(isFree ? say('pay_now') : say('pay', { amount: showMoney(amount_cents) }))}
    </button>
    <p class="small soft">${prose(say('pay_hint'))}</p>
  </form>`
}

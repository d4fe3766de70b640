import { html } from 'hono/html'
import { formatKes } from '../money.ts'
import { flag, prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { showMoney } from '../web/parts/amount.ts'
import { isFree } from './bill.ts'
import type { AtPage, InvoiceBill, LinkBill } from './bill.ts'
import { field } from './field.ts'
import type { Field } from './field.ts'

/** Whom the bill at the provider's own page is made out to; how much, where its payer says so. */
export function atPageForm(bill: InvoiceBill | LinkBill): Html {
  const { say, path, query, seen, refusedAtPage } = bill
  const { because = {} } = refusedAtPage ?? {}
  const most = showMoney(mostOf(bill))
  const wrong = (word: keyof typeof because) => because[word] && say(because[word], { most })
  const { amount, name, id_number } = fieldsOf(bill)
  return html`<form method="post" action="${path}${query}">
    ${because.form ? html`<p class="wrong" role="alert">${say(because.form)}</p>` : ''}
    <input type="hidden" name="seen" value="${seen}" />
    ${isFree(bill) ? field(amount, wrong('amount')) : ''} ${field(name, wrong('name'))}
    ${field(id_number, wrong('id_number'))}
    <button class="do" name="by" value="page" data-busy="${say('busy_ecitizen')}">
      ${prose(isFree(bill) ? say('pay_there') : say('pay_at_ecitizen', { amount: most }))}
    </button>
    <p class="small soft">${prose(say('pay_at_ecitizen_hint'))}</p>
  </form>`
}

/** What is owed, as far as one bill takes it; at a link where the payer writes how much, whatever one takes. */
function mostOf({ amount_cents, atPage }: InvoiceBill | LinkBill): number {
  return Math.min(amount_cents || atPage!.most_cents, atPage!.most_cents)
}

function fieldsOf(bill: InvoiceBill | LinkBill): Record<keyof AtPage, Field> {
  const { say, amount_cents, refusedAtPage: typed } = bill
  const customer = bill.kind === 'inv' ? bill.invoice.customer_name : null
  const how = { placeholder: '', maxlength: '100', inputmode: 'text', autocomplete: 'off' }
  const all = amount_cents > 0 ? formatKes(mostOf(bill), 'short').replaceAll(',', '') : ''
  return {
    amount: {
      ...how,
      id: 'page-amount',
      name: 'amount',
      label: say('how_much'),
      value: typed?.amount ?? all,
      inputmode: 'decimal',
    },
    name: {
      ...how,
      name: 'name',
      label: say('payer_name'),
      value: typed?.name ?? customer ?? '',
      autocomplete: 'name',
    },
    id_number: {
      ...how,
      name: 'id_number',
      label: say('payer_id_number'),
      value: typed?.id_number ?? '',
      maxlength: '40',
    },
  }
}

/** The same where it is paid by a prompt, too: folded away until somebody wants it. */
export function atPageFold(bill: InvoiceBill | LinkBill): Html | string {
  if (!bill.atPage) return ''
  return html`<details class="fold" id="at-page" ${flag('open', bill.refusedAtPage !== undefined)}>
    <summary>${bill.say('or_at_ecitizen')}</summary>
    ${atPageForm(bill)}
  </details>`
}

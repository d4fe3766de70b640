import { html } from 'hono/html'
import { showId } from '../id.ts'
import { calendarDay, dueOf, isOverdue, overOf } from '../invoices/invoice.ts'
import type { Line } from '../invoices/invoice.ts'
import { formatKes } from '../money.ts'
import { prose } from '../web/html.ts'
import type { Html, Shown } from '../web/html.ts'
import { showMoney } from '../web/parts/amount.ts'
import { showMasked } from '../web/parts/phone.ts'
import { ring } from '../web/parts/ring.ts'
import { showDay } from '../web/parts/time.ts'
import type { InvoiceBill } from './bill.ts'
import { atPageFold, atPageForm } from './at-page-form.ts'
import { billForm } from './bill-form.ts'
import { byHand } from './by-hand.ts'
import { nameCode } from './parts.ts'
import { sheet, state } from './sheet.ts'

/** The page of an invoice: what is left and how to pay it, what it is for, and what was paid. */
export function invoicePage(bill: InvoiceBill): Html {
  return html`${invoiceSheet(bill)}
    <div class="more">${lines(bill)} ${paidSoFar(bill)}</div>`
}

function invoiceSheet(bill: InvoiceBill): Html {
  const { invoice, merchant, say } = bill
  if (invoice.status === 'void')
    return sheet(bill, {
      title: say('invoice_void'),
      label: say('invoice_total'),
      body: state(
        ring('cross', 'bad'),
        say('invoice_void'),
        html`<p>${prose(say('invoice_void_advice', { merchant }))}</p>
          ${over(bill)}`,
      ),
    })
  if (dueOf(invoice) === 0)
    return sheet(bill, {
      title: say('invoice_paid'),
      label: say('paid_label'),
      body: html`${state(ring('tick', 'good'), say('invoice_paid'), over(bill))} ${wayBack(bill)}`,
    })
  return sheet(bill, { title: say('title_ask', { merchant }), label: say('left_to_pay'), body: asking(bill) })
}

function asking(bill: InvoiceBill): Html {
  const { invoice, merchant, say, most_cents } = bill
  const isBeyond = dueOf(invoice) > most_cents
  const hint = isBeyond ? say('part_limit', { most: showMoney(most_cents) }) : say('part_hint')
  return html`<h1 class="unseen">${say('title_ask', { merchant })}</h1>
    ${due(bill)} ${underWay(bill)} ${bill.atPage?.provider === invoice.provider ? atPageForm(bill) : byPrompt()}
    ${wayBack(bill)}`

  function byPrompt() {
    return html`${billForm(bill, { isFree: invoice.instalments, hint })} ${atPageFold(bill)}
    ${byHand(bill, { ...bill, reference: invoice.reference }, { isOpen: false, mayNameCode: false })} ${nameCode(bill)}`
  }
}

function due({ invoice, say, language, now }: InvoiceBill): Html | string {
  if (!invoice.due_on) return ''
  const day = showDay(new Date(`${calendarDay(invoice.due_on)}T12:00:00+03:00`), language)
  return isOverdue(invoice, now)
    ? html`<p class="wrong">${prose(say('overdue_since', { day }))}</p>`
    : html`<p class="soft">${prose(say('due_by', { day }))}</p>`
}

/** Somebody is being asked at this moment: whoever looks here should not pay the same again. */
function underWay({ underWay: payment, say, query }: InvoiceBill): Html | string {
  if (!payment) return ''
  return html`<div class="answer" role="status">
    <h2>${payment.phone ? prose(say('under_way', { phone: showMasked(payment.phone) })) : say('bill_open')}</h2>
    <p><a href="/pay/${showId('pay', payment.id)}${query}">${say('under_way_look')}</a></p>
  </div>`
}

function over({ invoice, say, merchant }: InvoiceBill): Html | string {
  const cents = overOf(invoice)
  return cents > 0 ? html`<p>${prose(say('paid_over', { amount: showMoney(cents), merchant }))}</p>` : ''
}

function lines({ invoice, say, language }: InvoiceBill): Html {
  return html`<section class="sheet pay">
    <header>
      <h2>${say('what_for')}</h2>
      <div class="small soft">
        ${invoice.customer_name ? html`<bdi>${invoice.customer_name}</bdi> · ` : ''}${showDay(invoice.created_at, language)}
      </div>
    </header>
    <table class="lines">
      <tbody>
        ${invoice.lines.map(
          (line) =>
            html`<tr>
              <td>
                ${line.description}
                <div class="small soft">${counted(line)}</div>
              </td>
              <td class="num">${formatKes(line.amount_cents, 'short')}</td>
            </tr>`,
        )}
        ${invoice.tax_cents > 0 ? row(say('tax_in_it'), formatKes(invoice.tax_cents), 'soft') : ''}
        ${row(say('altogether'), showMoney(invoice.total_cents), 'last')}
      </tbody>
    </table>
  </section>`
}

function row(name: string, value: Shown, look: string): Html {
  return html`<tr class="${look}">
    <td>${name}</td>
    <td class="num">${value}</td>
  </tr>`
}

function counted({ quantity_thousandths, unit_cents }: Line): string {
  return `${quantity_thousandths / 1000} × ${formatKes(unit_cents, 'short')}`
}

function paidSoFar({ invoice, merchant, parts, say, language }: InvoiceBill): Html | string {
  if (parts.length === 0 && invoice.outside_cents === 0) return ''
  return html`<section class="sheet pay">
    <h2>${say('paid_so_far')}</h2>
    <table class="lines">
      <tbody>
        ${parts.map(
          ({ paid_at, receipt, amount_cents }) =>
            html`<tr>
              <td>
                ${showDay(paid_at, language)}
                <div class="small soft code">${receipt ?? say('code_follows')}</div>
              </td>
              <td class="num">${formatKes(amount_cents, 'short')}</td>
            </tr>`,
        )}
        ${invoice.outside_cents > 0 ? row(say('paid_elsewhere', { merchant }), formatKes(invoice.outside_cents, 'short'), '') : ''}
        ${row(say('paid_of', { total: showMoney(invoice.total_cents) }), showMoney(invoice.paid_cents), 'last')}
      </tbody>
    </table>
  </section>`
}

function wayBack({ invoice, merchant, say }: InvoiceBill): Html | string {
  return invoice.return_url ? html`<a class="may" href="${invoice.return_url}">${say('back', { merchant })}</a>` : ''
}

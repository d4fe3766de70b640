import { html } from 'hono/html'
import { showId } from '../../id.ts'
import type { PartPaid } from '../../invoices/find.ts'
import { dueOf, overOf, presentInvoice } from '../../invoices/invoice.ts'
import type { Invoice, Line } from '../../invoices/invoice.ts'
import { formatKes } from '../../money.ts'
import type { Payment } from '../../payments/payment.ts'
import type { Context } from '../../context.ts'
import type { Html } from '../../web/html.ts'
import type { PageHead } from '../../web/page.ts'
import { money, showMoney } from '../../web/parts/amount.ts'
import { code, facts } from '../../web/parts/facts.ts'
import { picks } from '../../web/parts/field.ts'
import { table } from '../../web/parts/table.ts'
import { moment } from '../../web/parts/time.ts'
import { timeline } from '../../web/parts/timeline.ts'
import type { Step } from '../../web/parts/timeline.ts'
import { accountWords } from '../account-choice.ts'
import type { NamedAccount } from '../accounts.ts'
import { wrongWith } from '../form.ts'
import { hostedLink } from '../hosted-link.ts'
import { may } from '../may.ts'
import { paymentColumns } from '../payments/columns.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { invoiceStatus, phoneFor } from '../words.ts'
import { customerOf, shownDay } from './list-page.ts'
import { outsidePart, secondLooks } from './outside-page.ts'
import type { OutsideView } from './outside-page.ts'

/** Everything that is shown of one invoice. */
export type InvoiceView = OutsideView & {
  context: Context
  account?: NamedAccount | undefined
  /** What was put to it, and the payments that were asked for or came. */
  parts: PartPaid[]
  payments: Payment[]
  steps: Step[]
  /** The invoices that its payer's credit could be put to. */
  owing: Invoice[]
  searched: string
}

const path = ({ id }: Pick<Invoice, 'id'>) => `/invoices/${showId('inv', id)}`

/** What is left to pay, largest; once nothing is, what was asked for. */
export function invoiceHead(view: InvoiceView): PageHead {
  const { signedIn, invoice, now } = view
  const due = dueOf(invoice)
  const of = due > 0 && due < invoice.total_cents ? ` left of ${showMoney(invoice.total_cents)}` : ''
  const customer = customerOf(signedIn, invoice)
  return {
    back: { href: '/invoices', name: 'Invoices' },
    title: html`<span class="headline money"><small>KSh</small> ${formatKes(due || invoice.total_cents)}</span>
      ${invoiceStatus(invoice, now)}`,
    lead: html`<b class="whole">${invoice.reference}</b
      >${of}${customer ? html` · <span class="breaks">${customer}</span>` : ''}${invoice.due_on ? ` · due ${shownDay(invoice.due_on)}` : ''}`,
    ...actionsOf(view),
  }
}

function actionsOf(view: InvoiceView): Pick<PageHead, 'actions'> {
  const forms = [sendForm(view), voidForm(view)].filter((form) => form !== '')
  return forms.length > 0 ? { actions: html`${forms}` } : {}
}

function sendForm({ signedIn, invoice }: InvoiceView): Html | '' {
  if (!may(signedIn, 'invoices:write') || !invoice.customer_email || dueOf(invoice) === 0) return ''
  return html`<form method="post" action="${path(invoice)}/send">
    ${csrfField(signedIn)}
    <button class="may firm">${invoice.sent_at ? 'Send it by mail again' : 'Send it by mail'}</button>
  </form>`
}

function voidForm({ signedIn, invoice }: InvoiceView): Html | '' {
  if (!may(signedIn, 'invoices:write') || invoice.status === 'void' || invoice.paid_cents > 0) return ''
  return html`<form method="post" action="${path(invoice)}/void">
    ${csrfField(signedIn)}
    <details class="sure" id="void">
      <summary class="may">Make it void…</summary>
      <div class="unfold">
        <p class="small">Nobody owes it any longer, and its page says so. Its reference can be used again.</p>
        <button class="do">Make it void</button>
      </div>
    </details>
  </form>`
}

/** The page of one invoice. */
export function invoiceBody(view: InvoiceView): Html {
  const { context, invoice, refused, steps } = view
  return html`${wrongWith(refused, 'void')}${wrongWith(refused, 'send')} ${creditPart(view)} ${secondLooks(view)}
    <section class="grid2">
      <div class="stack">
        ${linesPart(invoice)} ${paymentsPart(view)} ${outsidePart(view)}
        <div class="sheet">
          <header><h2>What happened</h2></header>
          <div class="body">${timeline(steps)}</div>
        </div>
      </div>
      <div class="stack">
        ${invoice.status === 'void' ? '' : hostedLink({ title: 'Its page', url: presentInvoice(context, invoice).url })}
        <div class="sheet">
          <header><h2>Details</h2></header>
          <div class="body">${details(view)}</div>
        </div>
      </div>
    </section>`
}

function linesPart({
  lines,
  subtotal_cents,
  tax_cents,
  total_cents,
  paid_cents,
  outside_cents,
  tax_included,
}: Invoice): Html {
  return html`<div class="sheet">
    <header><h2>What it is for</h2></header>
    ${table<Line>(
      'The lines of this invoice',
      [
        { name: 'What', look: 'words', show: ({ description }) => html`<span class="breaks">${description}</span>` },
        { name: 'How many', look: 'num', show: ({ quantity_thousandths }) => String(quantity_thousandths / 1000) },
        { name: 'Each', look: 'num', isExtra: true, show: ({ unit_cents }) => formatKes(unit_cents) },
        {
          name: 'VAT',
          look: 'num',
          isExtra: true,
          show: ({ tax_rate_points }) => (tax_rate_points > 0 ? `${tax_rate_points / 100} %` : '–'),
        },
        { name: 'KSh', look: 'num', show: ({ amount_cents }) => html`<b class="money">${formatKes(amount_cents)}</b>` },
      ],
      lines,
    )}
    <div class="body sums">
      ${facts([
        [tax_included ? 'Before VAT' : 'Without VAT', tax_cents > 0 ? money(subtotal_cents) : ''],
        ['VAT', tax_cents > 0 ? money(tax_cents) : ''],
        ['Total', html`<b>${money(total_cents)}</b>`],
        ['Paid', paid_cents > 0 ? money(paid_cents) : ''],
        ['of it elsewhere', outside_cents > 0 ? money(outside_cents) : ''],
      ])}
    </div>
  </div>`
}

function paymentsPart({ signedIn, payments, parts, now }: InvoiceView): Html | '' {
  if (payments.length === 0) return ''
  const put = new Map(parts.map(({ payment_id, amount_cents }) => [payment_id, amount_cents]))
  const [amount, status, ...others] = paymentColumns(signedIn, now).filter(({ name }) => name !== 'Reference')
  return html`<div class="sheet">
    <header><h2>What was put to it</h2></header>
    ${table<Payment>(
      'The payments of this invoice',
      [
        { ...amount!, name: 'Payment, KSh' },
        {
          name: 'Put to it',
          look: 'num',
          isExtra: true,
          show: ({ id }) => html`<span class="money">${formatKes(put.get(id) ?? 0)}</span>`,
        },
        status!,
        ...others,
      ],
      payments,
    )}
  </div>`
}

function details({ signedIn, invoice, account }: InvoiceView): Html {
  return facts([
    ['Customer', invoice.customer_name ? html`<span class="breaks">${invoice.customer_name}</span>` : ''],
    ['Phone', phoneFor(signedIn, invoice.customer_phone)],
    ['E-mail', may(signedIn, 'payers:read') ? (invoice.customer_email ?? '') : ''],
    ['Reference', code(invoice.reference)],
    ['For', invoice.description ?? ''],
    ['Paid to', account ? accountWords(account) : ''],
    ['In instalments', invoice.instalments ? 'Yes' : 'No'],
    ['Due', invoice.due_on ? shownDay(invoice.due_on) : ''],
    ['Made', moment(invoice.created_at, 'en')],
    ['Sent by mail', invoice.sent_at ? moment(invoice.sent_at, 'en') : ''],
    ['Paid', invoice.paid_at ? moment(invoice.paid_at, 'en') : ''],
    ['Void since', invoice.voided_at ? moment(invoice.voided_at, 'en') : ''],
    ['Invoice', html`<span class="small">${code(showId('inv', invoice.id))}</span>`],
  ])
}

/** What is over is the payer's: it is put to another invoice of theirs, or sent back from its payment. */
function creditPart(view: InvoiceView): Html | '' {
  const { signedIn, invoice, parts, owing, searched, refused } = view
  const over = overOf(invoice)
  if (over === 0) return ''
  const last = parts.findLast(({ receipt }) => receipt !== null)
  const options = owing.map((one) => ({
    value: showId('inv', one.id),
    words: one.reference,
    beside: showMoney(dueOf(one)),
    under: html`<span class="breaks">${customerOf(signedIn, one)}</span>`,
  }))
  return html`<article class="answer late" id="credit">
    <h3>${showMoney(over)} is the payer’s credit</h3>
    <p>
      ${invoice.status === 'void' ? 'It was paid to an invoice that is void.' : 'More came than this invoice asked for.'}
      Put it to another invoice, or send it back.
    </p>
    ${wrongWith(refused, 'credit')}
    ${
      may(signedIn, 'invoices:write')
        ? html`<form class="filters" method="get" action="${path(invoice)}#credit" role="search">
              <label class="field"
                ><span class="unseen">Search invoices that still owe</span
                ><input type="search" name="find" value="${searched}" placeholder="Reference, customer or phone"
              /></label>
              <button class="may">Search</button>
            </form>
            ${
              options.length > 0
                ? html`<form class="form" method="post" action="${path(invoice)}/credit#credit">
                    ${csrfField(signedIn)}
                    ${picks('Which invoice gets the credit?', 'to', { options, chosen: refused?.typed['to'] ?? options[0]!.value })}
                    <div class="acts">
                      <button class="do">Put this credit to it</button>
                      ${last ? sendBack(signedIn, last) : ''}
                    </div>
                  </form>`
                : html`<p class="soft">No other invoice that still owes ${searched ? 'fits that' : 'is there'}.</p>
                    <div class="acts">${last ? sendBack(signedIn, last) : ''}</div>`
            }`
        : ''
    }
  </article>`
}

function sendBack(signedIn: SignedIn, { payment_id }: PartPaid): Html | '' {
  if (!may(signedIn, 'refunds:write')) return ''
  return html`<a class="may" href="/payments/${showId('pay', payment_id)}#refund">Send it back…</a>`
}

import { html } from 'hono/html'
import type { Totals } from '../../invoices/lines.ts'
import type { Html } from '../../web/html.ts'
import { money } from '../../web/parts/amount.ts'
import { check, field } from '../../web/parts/field.ts'
import { accountChoice, noAccount } from '../account-choice.ts'
import type { NamedAccount } from '../accounts.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { invoiceForm, rowsFor } from './typed-invoice.ts'

/** What the form of an invoice begins with; `totals` are those of the lines that were typed, once they were added up. */
export type NewInvoice = {
  signedIn: SignedIn
  accounts: NamedAccount[]
  refused?: Refused | undefined
  totals?: Totals | undefined
  now: Date
}

/** The form that an invoice is made with. */
export function newInvoiceBody(view: NewInvoice): Html {
  const { signedIn, accounts, refused, totals } = view
  if (accounts.length === 0 && !refused) return noAccount(signedIn)
  const linesWrong = refused?.wrong['lines']
  return html`<form class="read form" method="post" action="/invoices">
    ${csrfField(signedIn)} ${wrongWith(refused, invoiceForm)}
    <section class="sheet">
      <header><h2>What it is for</h2></header>
      <div class="body form">
        ${linesWrong ? html`<p class="wrong" role="alert">${linesWrong}</p>` : ''}
        <ol class="lines">
          ${Array.from({ length: rowsFor(refused?.typed ?? {}) }, (_, index) => lineRow(index + 1, refused))}
        </ol>
        ${totals ? html`<p class="total">${sumsOf(totals)}</p>` : ''}
        <div class="acts">
          <button class="may" formaction="/invoices/new" formnovalidate>Add up, and more lines</button>
          ${check('VAT is in these prices', 'tax_included', refused ? refused.typed['tax_included'] === 'yes' : true)}
        </div>
      </div>
    </section>
    ${customerPart(view)} ${termsPart(view)}
    <div class="acts"><button class="do">Make this invoice</button><a class="may" href="/invoices">Not now</a></div>
  </form>`
}

/** One line: what, how many, at how much each, and the VAT in percent. */
function lineRow(row: number, refused: Refused | undefined): Html {
  const one = (
    name: string,
    label: string,
    more: { placeholder?: string; inputMode?: 'decimal'; maxLength?: number },
  ) =>
    field({
      id: `${name}-${row}`,
      name: `${name}-${row}`,
      label: row === 1 ? label : html`${label}<span class="unseen">, line ${row}</span>`,
      ...fieldOf(refused, invoiceForm, `${name}-${row}`),
      ...more,
    })
  return html`<li>
    ${one('what', 'What', { maxLength: 200, ...(row === 1 && { placeholder: 'School fees, term 3' }) })}
    ${one('count', 'How many', { inputMode: 'decimal', placeholder: '1' })}
    ${one('price', 'KSh each', { inputMode: 'decimal' })}
    ${one('tax', 'VAT %', { inputMode: 'decimal', placeholder: '0' })}
  </li>`
}

function sumsOf({ subtotal_cents, tax_cents, total_cents }: Totals): Html {
  return html`${tax_cents > 0 ? html`<span class="soft">${money(subtotal_cents)} and ${money(tax_cents)} VAT make</span> ` : ''}<b
      >${money(total_cents)}</b
    >`
}

function customerPart({ refused }: NewInvoice): Html {
  const at = (name: string) => ({ id: name, name, ...fieldOf(refused, invoiceForm, name) })
  return html`<section class="sheet">
    <header><h2>Who is to pay</h2></header>
    <div class="body cols">
      ${field({ ...at('name'), label: 'Name', maxLength: 100, placeholder: 'Amina Wanjiku' })}
      ${field({ ...at('phone'), label: 'M-PESA phone', type: 'tel', placeholder: '0712 345 678' })}
      ${field({ ...at('email'), label: 'E-mail', inputMode: 'email', placeholder: 'amina@example.com' })}
    </div>
  </section>`
}

function termsPart({ accounts, refused }: NewInvoice): Html {
  const at = (name: string) => ({ id: name, name, ...fieldOf(refused, invoiceForm, name) })
  return html`<section class="sheet">
    <header><h2>How it is paid</h2></header>
    <div class="body cols">
      ${field({ ...at('due_date'), label: 'Due on', type: 'date' })}
      ${field({ ...at('reference'), label: 'Reference', maxLength: 12, placeholder: 'INV-204', hint: 'What is typed as the account at the paybill. Left empty, it gets one of ours.' })}
      ${field({ ...at('description'), label: 'A word to the customer', maxLength: 200 })}
      ${accountChoice(accounts, { label: 'Paid to', ...fieldOf(refused, invoiceForm, 'account') })}
      <div>
        ${check('It may be paid in instalments', 'instalments', refused?.typed['instalments'] === 'yes')}
        ${refused?.wrong['instalments'] ? html`<span class="wrong" role="alert">${refused.wrong['instalments']}</span>` : ''}
      </div>
    </div>
  </section>`
}

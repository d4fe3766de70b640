import { html, raw } from 'hono/html'
import { formatKes } from '../money.ts'
import { style as checkoutStyle } from '../checkout/page.ts'
import { joinStyles, readAsset, withoutLayers } from '../web/asset.ts'
import type { Asset } from '../web/asset.ts'
import { prose } from '../web/html.ts'
import type { Html, Shown } from '../web/html.ts'
import { speaker } from '../web/language.ts'
import type { Language, Speak } from '../web/language.ts'
import { layout } from '../web/layout.ts'
import { mark } from '../web/mark.ts'
import { amount, money } from '../web/parts/amount.ts'
import { code, facts } from '../web/parts/facts.ts'
import { ring } from '../web/parts/ring.ts'
import { testBadge } from '../web/parts/status.ts'
import { moment } from '../web/parts/time.ts'
import { who } from '../web/parts/who.ts'
import { receiptPath, verifyUrl } from './link.ts'
import { noteOf } from './note.ts'
import { qrPicture } from '../web/qr.ts'
import { payerPhone, receiptNumber, whatFor } from './receipt.ts'
import type { FoundReceipt } from './receipt.ts'
import { words } from './words.ts'

export const style = joinStyles(checkoutStyle, withoutLayers(readAsset(new URL('./receipts.css', import.meta.url))))

/** Everything that a page about a receipt is made of. */
export type ReceiptView = {
  receipt: FoundReceipt
  brand?: Asset
  logo?: string
  language: Language
  say: Speak<typeof words>
  /** What opens the page, as its address says it. */
  key: string
  publicUrl: string
}

/** The receipt, for whoever paid: to read, to keep, to print. */
export function receiptPage(view: ReceiptView): Html {
  const { receipt, say, language } = view
  const { issuer, reversed_at, provider } = receipt
  const what = whatFor(receipt)
  const phone = payerPhone(receipt)
  const note = noteOf(receipt, say, language)
  return ticket(view, {
    title: say('title', { number: receiptNumber(receipt) }),
    label: say(reversed_at ? 'returned' : 'received'),
    body: html`${note ? html`<p class="note">${prose(note)}</p>` : ''}
      <hr />
      ${facts([
        [say('number'), html`<span class="whole">${receiptNumber(receipt)}</span>`],
        [
          say(provider === 'pesaflow' ? 'code_pesaflow' : 'code'),
          receipt.provider_receipt
            ? code(receipt.provider_receipt)
            : html`<span class="soft">${say('code_follows')}</span>`,
        ],
        [say('when'), moment(receipt.paid_at, language)],
        [say('from'), receipt.payer_name ?? ''],
        [say('phone'), phone ? html`<span class="whole">${phone}</span>` : ''],
        [say('for'), what && prose(what)],
        ...(receipt.invoices.length === 0 ? taxFacts(view) : []),
      ])}
      ${receipt.invoices.map((part) => items(view, part))} ${proof(view)}
      <a class="may" href="${receiptPath(receipt, '.pdf')}&lang=${language}">${say('save')}</a>
      ${
        issuer.address || issuer.tax_pin || issuer.email
          ? html`<p class="small soft issuer">
              ${[issuer.address, issuer.tax_pin && `${say('tax_pin')} ${issuer.tax_pin}`, issuer.email].filter(Boolean).join('\n')}
            </p>`
          : ''
      }`,
  })
}

function taxFacts({ receipt, say }: ReceiptView): [string, Shown][] {
  const { tax_cents, issuer } = receipt
  if (tax_cents === 0) return []
  return [[say('tax_rate', { rate: String((issuer.vat_rate_points ?? 0) / 100) }), money(tax_cents)]]
}

/** The lines of an invoice, and what of it this receipt is for. */
function items({ receipt, say }: ReceiptView, part: FoundReceipt['invoices'][number]): Html {
  const lines = receipt.lines.filter(({ invoice_id }) => invoice_id === part.invoice_id)
  const total = lines.reduce((sum, { amount_cents }) => sum + amount_cents, 0)
  const times = ({ quantity_thousandths, unit_cents }: (typeof lines)[number]) =>
    quantity_thousandths === 1000
      ? ''
      : html`<span class="small soft">${quantity_thousandths / 1000} × ${formatKes(unit_cents)}</span>`
  return html`<table class="items">
    <caption>
      ${say('invoice', { reference: part.reference })}
    </caption>
    <tbody>
      ${lines.map(
        (one) =>
          html`<tr>
            <td>${one.description}${times(one)}</td>
            <td>${formatKes(one.amount_cents)}</td>
          </tr>`,
      )}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row">${say('invoice_total')}</th>
        <td>${formatKes(total)}</td>
      </tr>
      <tr class="all">
        <th scope="row">${say('paid_now')}</th>
        <td>${formatKes(part.amount_cents)}</td>
      </tr>
      ${
        part.tax_cents > 0
          ? html`<tr>
              <th scope="row">${say('tax')}</th>
              <td>${formatKes(part.tax_cents)}</td>
            </tr>`
          : ''
      }
    </tfoot>
  </table>`
}

function proof({ receipt, say, publicUrl }: ReceiptView): Html {
  const url = verifyUrl({ publicUrl }, receipt)
  const path = url.slice(publicUrl.length)
  return html`<div class="proof">
    <div class="qr" role="img" aria-label="${say('check')}">${raw(qrPicture(url))}</div>
    <p><a href="${path}">${say('check')}</a>${say('check_hint')}</p>
  </div>`
}

/** What anybody may know of a receipt that they were shown: whether it is real, and enough to compare it. */
export function verifyPage(view: ReceiptView): Html {
  const { receipt, say, language } = view
  const { reversed_at, refunded_cents } = receipt
  const word = verdictOf(receipt)
  const drawing =
    word === 'real' ? ring('tick', 'good') : word === 'gone' ? ring('back', 'back') : ring('search', 'late')
  const last = (receipt.phone ?? receipt.payer_phone_masked ?? '').match(/\d{3}$/)?.[0]
  return ticket(view, {
    title: say(word),
    label: say(reversed_at ? 'returned' : 'received'),
    body: html`<div class="state">
        ${drawing}
        <div>
          <h1>${say(word)}</h1>
          <p>${say(`${word}_hint`)}</p>
        </div>
      </div>
      <hr />
      ${facts([
        [say('to'), receipt.issuer.name],
        [say('number'), html`<span class="whole">${receiptNumber(receipt)}</span>`],
        [say('when'), moment(receipt.paid_at, language)],
        [say('given_back'), refunded_cents > 0 ? money(refunded_cents) : ''],
        [say('phone_ends'), last ?? ''],
      ])}`,
  })
}

/** What there is to say of a receipt to somebody who was shown it. */
function verdictOf({ status, environment }: FoundReceipt): 'real' | 'real_test' | 'gone' | 'other' {
  if (status === 'issued') return environment === 'live' ? 'real' : 'real_test'
  return status === 'reversed' ? 'gone' : 'other'
}

/** A sheet with the merchant at its head, the amount under it, and then what there is to say. */
function ticket(view: ReceiptView, { title, label, body }: { title: string; label: string; body: Shown }): Html {
  const { receipt, brand, logo, language, say, key } = view
  const { environment, issuer, amount_cents } = receipt
  const other = language === 'en' ? 'sw' : 'en'
  const query = new URLSearchParams({ k: key, lang: other })
  const way = html`<a class="chip" href="?${String(query)}" hreflang="${other}" lang="${other}"
    >${say('other_language')}</a
  >`
  const isTest = environment !== 'live'
  return layout({
    language,
    title: `${title} · ${issuer.name}`,
    styles: brand ? [style, brand] : [style],
    body: html`<main>
        <section class="sheet pay ticket" ${isTest ? html`data-mark="${say(`mark_${environment}`)}"` : ''}>
          ${who({ name: issuer.name, logo, under: say('receipt'), beside: way })}
          <div class="label">${label} ${isTest ? testBadge(say(`badge_${environment}`)) : ''}</div>
          ${amount(amount_cents)} ${body}
        </section>
      </main>
      <footer>${mark} Lango</footer>`,
  })
}

/** The page where there is no receipt, or the key is another's. */
export function noReceiptPage(language: Language): Html {
  const say = speaker(words, language)
  return layout({
    language,
    title: say('not_found'),
    styles: [style],
    body: html`<main>
        <section class="sheet pay">
          <div class="state">
            ${ring('search', 'late')}
            <div>
              <h1>${say('not_found')}</h1>
              <p>${say('not_found_advice')}</p>
            </div>
          </div>
        </section>
      </main>
      <footer>${mark} Lango</footer>`,
  })
}

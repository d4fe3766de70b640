import { html, raw } from 'hono/html'
import { joinStyles, readAsset, withoutLayers } from '../web/asset.ts'
import type { Asset } from '../web/asset.ts'
import { prose } from '../web/html.ts'
import type { Html, Shown } from '../web/html.ts'
import { speaker } from '../web/language.ts'
import type { Language } from '../web/language.ts'
import { inlineScript, layout } from '../web/layout.ts'
import { mark } from '../web/mark.ts'
import { ring } from '../web/parts/ring.ts'
import { payerStyle } from '../web/stylesheet.ts'
import { askPage } from './ask-page.ts'
import type { InvoiceBill, LinkBill } from './bill.ts'
import type { Bill, Checkout } from './checkout.ts'
import { codePage } from './code-page.ts'
import { expiredPage, reversedPage, unclearPage } from './ended-page.ts'
import { failedPage } from './failed-page.ts'
import { invoicePage } from './invoice-page.ts'
import { linkPage } from './link-page.ts'
import { frameTemplate, hostedPage } from './hosted-page.ts'
import { paidPage } from './paid-page.ts'
import { state } from './sheet.ts'
import { isBeingFound, isReloaded, isSettled, stateOf } from './state.ts'
import { waitPage } from './wait-page.ts'
import { words } from './words.ts'

/** The stylesheet and the script stand in the page: on a slow network each further request costs more than they weigh. */
export const style = withoutLayers(joinStyles(payerStyle, readAsset(new URL('./checkout.css', import.meta.url))))
/** What the pages of invoices and links have beside it. */
export const billStyle = withoutLayers(readAsset(new URL('./bill.css', import.meta.url)))
export const script = readAsset(new URL('./live.js', import.meta.url))
/** What the page of a payment has beside it that is paid at a page of its provider. */
export const frameStyle = withoutLayers(joinStyles(readAsset(new URL('./frame.css', import.meta.url))))
export const frameScript = readAsset(new URL('./frame.js', import.meta.url))

const pages = {
  ask: askPage,
  wait: (checkout: Checkout) => (checkout.asks === 'at_page' ? hostedPage(checkout) : waitPage(checkout)),
  paid: paidPage,
  reversed: reversedPage,
  failed: failedPage,
  expired: expiredPage,
  unclear: unclearPage,
}

/** What the page of an invoice or of a link has inside. */
export function innerBill(bill: InvoiceBill | LinkBill): Promise<string> {
  const { named, amount_cents } = bill
  if (named) return thin(codePage(bill, named, { hasAmount: amount_cents > 0, isBill: bill.kind === 'inv' }))
  return thin(bill.kind === 'inv' ? invoicePage(bill) : linkPage(bill))
}

/** What is inside the page, and changes while the payment does. */
export async function innerPage(checkout: Checkout): Promise<string> {
  const { payment, named } = checkout
  return thin(named && !isSettled(payment) ? codePage(checkout, named) : pages[stateOf(payment)](checkout))
}

/** The whole page. `events` is the address that tells its changes, for a page that may change by itself. */
export function wholePage(checkout: Checkout, inner: string, events?: string): Html {
  const head = isReloaded(checkout) ? reloaded : undefined
  if (!isAtPage(checkout)) return around(checkout, inner, { events, head, styles: [style] })
  const more = html`${frameTemplate(checkout)} ${inlineScript(frameScript)}`
  return around(checkout, inner, { events, head, styles: [style, frameStyle], more })
}

/** True for a payment that is yet to be paid at a page of its provider. */
export function isAtPage({ asks, payment }: Checkout): boolean {
  return asks === 'at_page' && stateOf(payment) === 'wait'
}

/** The whole page of an invoice or of a link. */
export function wholeBill(bill: InvoiceBill | LinkBill, inner: string, events?: string): Html {
  const head = isBeingFound(bill.named) ? reloaded : undefined
  return around(bill, inner, { events, head, styles: [style, billStyle], look: 'bill' })
}

/** A browser without scripts asks for the page again by itself. */
const reloaded = html`<noscript><meta http-equiv="refresh" content="5" /></noscript>`

type Around = { events?: string; head?: Html; styles: Asset[]; look?: string; more?: Html }

function around(bill: Bill, inner: string, { events, head, styles, look = '', more }: Around): Html {
  const { language, merchant, brand, say } = bill
  return layout({
    language,
    title: say('title_ask', { merchant }),
    styles: brand ? [...styles, brand] : styles,
    head,
    body: html`<main class="${look}" aria-live="polite" ${events ? html`data-events="${events}"` : ''}>
        ${raw(inner)}
      </main>
      <footer>${mark} Lango</footer>
      ${inlineScript(script)} ${more ?? ''}`,
  })
}

/** Markup without the blanks at the beginnings of its lines: they are a tenth of a page. */
async function thin(markup: Html): Promise<string> {
  return String(await markup).replace(/\s*\n\s*/g, '\n')
}

/** The page where there is no payment. */
export function notFoundPage(language: Language): Html {
  return bare(language, { word: 'not_found', more: '' })
}

/** The page for a form that is no form of ours: too large, or broken. */
export function unreadablePage(language: Language, path: string): Html {
  return bare(language, { word: 'unreadable', more: wayOn(language, path) })
}

/** How a payment goes, for somebody who names it by a number that others could guess: no more than that. */
export type Result = 'paid' | 'part_paid' | 'processing' | 'pending' | 'failed'

/** The page of a result. While it may change it looks again. */
export function resultPage(language: Language, result: Result): Html {
  const isOpen = result !== 'paid' && result !== 'failed'
  return bare(language, {
    word: `result_${result}`,
    more: '',
    head: isOpen ? html`<meta http-equiv="refresh" content="5" />` : undefined,
  })
}

/** The page where an address names no bill. */
export function numberMissingPage(language: Language): Html {
  return bare(language, { word: 'number_missing', more: '' })
}

/** What went wrong on our side: where to look again, in how many seconds the page does so by itself, and what finds it in the log. */
export type Trouble = { path: string; againS?: number; requestId: string }

/** The page for what went wrong on our side. */
export function troublePage(language: Language, { path, againS, requestId }: Trouble): Html {
  const say = speaker(words, language)
  return bare(language, {
    word: 'trouble',
    head: againS === undefined ? undefined : html`<meta http-equiv="refresh" content="${againS};url=${path}" />`,
    more: html`${againS === undefined ? '' : html`<p>${say('trouble_again')}</p>`} ${wayOn(language, path)}
      <p class="small soft">${say('trouble_number')}<br /><span class="code">${requestId}</span></p>`,
  })
}

function wayOn(language: Language, path: string): Html {
  return html`<a class="may" href="${path}">${speaker(words, language)('look_again')}</a>`
}

type Bare = {
  word: 'not_found' | 'unreadable' | 'trouble' | 'number_missing' | `result_${Result}`
  more: Shown
  head?: Html | undefined
}

function bare(language: Language, { word, more, head }: Bare): Html {
  const say = speaker(words, language)
  return layout({
    language,
    title: say(word),
    head,
    styles: [style],
    body: html`<main>
        <section class="sheet pay">
          ${state(ring('search', 'late'), say(word), html`<p>${prose(say(`${word}_advice`))}</p>`)} ${more}
        </section>
      </main>
      <footer>${mark} Lango</footer>`,
  })
}

import { formatNairobi, maskPhone } from '@lango/daraja'
import { html } from 'hono/html'
import { showId } from '../id.ts'
import type { Payment } from '../payments/payment.ts'
import { bigMoney } from '../web/parts.ts'
import type { Html } from '../web/parts.ts'
import type { Checkout } from './checkout.ts'

/** One page of the checkout: who asks for money, and then what there is to say. `look` is its class. */
export function sheet(checkout: Checkout, { title, look, body }: { title: string; look: string; body: Html }): Html {
  const { environment } = checkout.payment
  const mark = environment === 'live' ? '' : checkout.say(`mark_${environment}`)
  return html`<section class="sheet pay ${look}" data-title="${title} · ${checkout.merchant}" ${markOf(look, mark)}>
    ${environment === 'live' ? '' : html`<span class="env">${checkout.say(`badge_${environment}`)}</span>`}
    ${who(checkout)} ${body}
  </section>`
}

function markOf(look: string, mark: string): Html | string {
  return look === 'ticket' && mark ? html`data-mark="${mark}"` : ''
}

function who({ merchant, payment, say, language }: Checkout): Html {
  const other = language === 'en' ? 'sw' : 'en'
  const what = whatFor(payment)
  return html`<div class="who">
    <i aria-hidden="true">${String.fromCodePoint(merchant.codePointAt(0)!).toUpperCase()}</i>
    <div><b>${merchant}</b>${what && html`<div class="small soft">${what}</div>`}</div>
    <a class="chip" href="?lang=${other}" hreflang="${other}" lang="${other}">${say('other_language')}</a>
  </div>`
}

/** What the money is for, in the merchant's own words. A reference that Lango made says nothing to a payer. */
export function whatFor({ account_reference, description }: Payment): string {
  return [account_reference, description].filter(Boolean).join(' · ')
}

const drawings = {
  phone: html`<rect x="7" y="2.5" width="10" height="19" rx="2.2" /><path d="M11 18.5h2" />`,
  tick: html`<path d="m5 12.5 4.5 4.5L19 7.5" />`,
  cross: html`<path d="m7 7 10 10M17 7 7 17" />`,
  clock: html`<circle cx="12" cy="12" r="8.5" /><path d="M12 7v5l3.5 2" />`,
  back: html`<path d="M9 7 4.5 11.5 9 16M5 11.5h9a5 5 0 0 1 0 10h-2" transform="translate(0 -2)" />`,
  search: html`<circle cx="10.5" cy="10.5" r="6" /><path d="m15 15 5 5" />`,
}

/** The drawing that says at a glance how things are; the words under it say the same. */
export function ring(drawing: keyof typeof drawings, look: string): Html {
  return html`<div class="ring ${look}"><svg viewBox="0 0 24 24" aria-hidden="true">${drawings[drawing]}</svg></div>`
}

/** The amount, as the largest thing of a page. */
export function amount({ payment }: Checkout): Html {
  return html`<div class="amount money">${bigMoney(payment.amount_cents)}</div>`
}

/** The phone that was asked, so that its owner knows it, and nobody else learns it. */
export function phoneOf({ payment }: Checkout): string {
  return payment.phone ? maskPhone(payment.phone).replace('***', '•••') : (payment.payer_phone_masked ?? '')
}

/** The way back to the merchant's own site, which is told what became of the payment. */
export function wayBack({ payment, merchant, say }: Checkout, look: 'may' | 'aside' = 'may'): Html | string {
  if (!payment.return_url) return ''
  const url = new URL(payment.return_url)
  url.searchParams.set('payment_id', showId('pay', payment.id))
  url.searchParams.set('status', payment.status === 'created' ? 'pending' : payment.status)
  return html`<a class="${look}" href="${url.href}">${say('back', { merchant })}</a>`
}

/** A moment as Nairobi's clocks showed it: `20 Nov 2026, 14:32`. */
export function moment({ say }: Checkout, at: Date): Html {
  const [day, month, rest] = formatNairobi(at, 'dd|MM|yyyy, HH:mm').split('|')
  const text = `${Number(day)} ${say('months').split(' ')[Number(month) - 1]} ${rest}`
  return html`<time datetime="${at.toISOString()}">${text}</time>`
}

import { html } from 'hono/html'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { money } from '../web/parts/amount.ts'
import { facts } from '../web/parts/facts.ts'
import { ring } from '../web/parts/ring.ts'
import { clockTime } from '../web/parts/time.ts'
import type { Checkout } from './checkout.ts'
import { asides } from './parts.ts'
import { sheet, state } from './sheet.ts'

/** It is paid at a page of the provider: the way there, what is on top, and how much of it has come. */
export function hostedPage(checkout: Checkout): Html {
  const { payment, say } = checkout
  const { provider_checkout_url: link, amount_cents, commission_cents, received_cents, checked_at } = payment
  const word = wordOf(checkout)
  const whole = amount_cents + commission_cents
  const words = html`<p>${prose(say(`${word === 'part_paid' ? 'at_ecitizen' : word}_advice`))}</p>
    ${checked_at && word === 'at_ecitizen' ? html`<p class="small">${askedAt(checkout, checked_at)}</p>` : ''}`
  const body = html`${state(ring('clock', link === null ? 'late' : 'rings'), say(word), words)}
  ${facts([
    [say('commission'), commission_cents > 0 ? money(commission_cents) : ''],
    [say('altogether'), commission_cents > 0 ? money(whole) : ''],
    [say('paid_so_far'), received_cents > 0 ? money(received_cents) : ''],
    [say('left_to_pay'), received_cents > 0 ? money(Math.max(0, whole - received_cents)) : ''],
  ])}
  ${link === null ? '' : html`${wayThere(checkout, link)} ${checkForm(checkout)}`}
  ${asides(checkout, { hasPaid: false })}`
  return sheet(checkout, { title: say(word), label: say('to_pay'), body })
}

function wordOf({ payment, now }: Checkout) {
  if (payment.provider_checkout_url === null) return 'being_prepared'
  if (payment.check_at !== null && payment.check_at <= now) return 'result_processing'
  return payment.received_cents > 0 ? 'part_paid' : 'at_ecitizen'
}

function askedAt({ say }: Checkout, at: Date): Html {
  const [before, after] = say('asked_at', { time: '\n' }).split('\n')
  return html`${before}${clockTime(at)}${after}`
}

/** The way to the provider's page: a link, and for a browser with scripts a dialog around that page. */
function wayThere({ say, path }: Checkout, link: string): Html {
  return html`<a class="do" href="${link}" data-frame="${path}/frame">${say('go_to_ecitizen')}</a>`
}

/** Has the provider asked now. */
function checkForm({ say, path, query }: Checkout): Html {
  return html`<form method="post" action="${path}/check${query}">
    <button class="may">${say('check_status')}</button>
  </form>`
}

/** The dialog in which the provider's page stands. What becomes of the payment meanwhile is told behind it, and closes it. */
export function frameTemplate(checkout: Checkout): Html | string {
  const { say, payment } = checkout
  const { provider_checkout_url: link } = payment
  const page = say('pay_there')
  if (link === null) return ''
  return html`<template id="at-page"
    ><dialog class="frame" aria-label="${page}">
      <div>
        <header>
          <p role="status">${page}</p>
          ${checkForm(checkout)}
          <form method="dialog"><button class="may">${say('close')}</button></form>
        </header>
        <iframe
          title="${page}"
          sandbox="allow-forms allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
        ></iframe>
        <footer><a href="${link}">${say('trouble_there')}</a></footer>
      </div>
    </dialog></template
  >`
}

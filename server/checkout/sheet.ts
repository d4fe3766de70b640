import { html } from 'hono/html'
import { prose } from '../web/html.ts'
import type { Html, Shown } from '../web/html.ts'
import { amount } from '../web/parts/amount.ts'
import { testBadge } from '../web/parts/status.ts'
import { who } from '../web/parts/who.ts'
import type { Bill } from './checkout.ts'

/** One page for a payer. `label` says what the amount is now: to pay, paid, returned; a `ticket` is one to keep. */
export type Sheet = { title: string; label: string; look?: 'ticket'; body: Shown; hasAmount?: boolean }

/**
 * Who asks, for what, how much, and then what there is to say. Whatever becomes of the payment, its upper half stays as it is,
 * so that the amount stands still while the rest changes.
 */
export function sheet(bill: Bill, { title, label, look, body, hasAmount = true }: Sheet): Html {
  const { environment, merchant, amount_cents, say } = bill
  const isTest = environment !== 'live'
  const mark = isTest && look === 'ticket' ? html`data-mark="${say(`mark_${environment}`)}"` : ''
  return html`<section class="sheet pay ${look ?? ''}" data-title="${title} · ${merchant}" ${mark}>
    ${asker(bill)}
    <div class="label">${label} ${isTest ? testBadge(say(`badge_${environment}`)) : ''}</div>
    ${hasAmount ? amount(amount_cents) : ''} ${body}
  </section>`
}

function asker({ merchant, logo, what, say, language }: Bill): Html {
  const other = language === 'en' ? 'sw' : 'en'
  const way = html`<a class="chip" href="?lang=${other}" hreflang="${other}" lang="${other}"
    >${say('other_language')}</a
  >`
  return who({ name: merchant, logo, under: what && prose(what), beside: way })
}

/** How things are: a drawing, the same in a heading, and what to do now. */
export function state(drawing: Html, title: string, words: Shown): Html {
  return html`<div class="state">
    ${drawing}
    <div>
      <h1><span>${prose(title)}</span></h1>
      ${words}
    </div>
  </div>`
}

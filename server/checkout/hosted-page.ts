import { html } from 'hono/html'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { money } from '../web/parts/amount.ts'
import { facts } from '../web/parts/facts.ts'
import { ring } from '../web/parts/ring.ts'
import type { Checkout } from './checkout.ts'
import { asides } from './parts.ts'
import { sheet, state } from './sheet.ts'

/** It is paid at a page of the provider: the way there, what is on top, and how much of it has come. */
export function hostedPage(checkout: Checkout): Html {
  const { payment, say } = checkout
  const { provider_checkout_url: link, amount_cents, commission_cents, received_cents } = payment
  const word = link === null ? 'being_prepared' : received_cents > 0 ? 'part_paid' : 'at_ecitizen'
  const advice = say(link === null ? 'being_prepared_advice' : 'at_ecitizen_advice')
  const whole = amount_cents + commission_cents
  const body = html`${state(ring('clock', link === null ? 'late' : 'rings'), say(word), html`<p>${prose(advice)}</p>`)}
  ${facts([
    [say('commission'), commission_cents > 0 ? money(commission_cents) : ''],
    [say('altogether'), commission_cents > 0 ? money(whole) : ''],
    [say('paid_so_far'), received_cents > 0 ? money(received_cents) : ''],
    [say('left_to_pay'), received_cents > 0 ? money(Math.max(0, whole - received_cents)) : ''],
  ])}
  ${link === null ? '' : html`<a class="do" href="${link}">${say('go_to_ecitizen')}</a>`}
  ${asides(checkout, { hasPaid: false })}`
  return sheet(checkout, { title: say(word), label: say('to_pay'), body })
}

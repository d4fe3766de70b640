import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import { showId } from '../../id.ts'
import type { Event } from '../../events/event.ts'
import type { Html } from '../../web/html.ts'
import { code, facts } from '../../web/parts/facts.ts'
import { moment } from '../../web/parts/time.ts'
import { timeline } from '../../web/parts/timeline.ts'
import type { Step } from '../../web/parts/timeline.ts'
import type { Delivery, RecordedAttempt } from '../../webhooks/delivery.ts'
import type { Endpoint } from '../../webhooks/endpoint.ts'
import { showTurn } from '../../webhooks/present.ts'
import { may } from '../may.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'

/** One event on its way to one endpoint, with every attempt. */
export type DeliveryView = {
  context: Context
  signedIn: SignedIn
  delivery: Delivery
  attempts: RecordedAttempt[]
  event: Event
  endpoint: Endpoint | undefined
}

/** What was sent, and what was answered each time. */
export function deliveryBody(view: DeliveryView): Html {
  const { delivery, attempts, event, endpoint } = view
  const first: Step = {
    what: 'It happened',
    how: delivery.event_type,
    at: event.created_at,
    raw: { title: 'What is sent', text: JSON.stringify(JSON.parse(event.body), null, 2) },
  }
  return html`<section class="grid2">
    <section class="sheet">
      <header>
        <h2>What was tried</h2>
        ${againForm(view)}
      </header>
      <div class="body">${timeline([first, ...attempts.map(stepOf), ...nextStep(delivery)])}</div>
    </section>
    <section class="sheet">
      <header><h2>Details</h2></header>
      <div class="body">
        ${facts([
          [
            'To',
            endpoint
              ? html`<a class="breaks" href="/webhooks/${showId('whe', endpoint.id)}">${endpoint.url}</a>`
              : 'An endpoint that was deleted',
          ],
          ['Tries', String(delivery.attempts)],
          ['Taken', delivery.delivered_at ? moment(delivery.delivered_at, 'en') : ''],
          ['Event', html`<span class="small">${code(showId('evt', delivery.event_id))}</span>`],
          ['Delivery', html`<span class="small">${code(showId('dlv', delivery.id))}</span>`],
        ])}
      </div>
    </section>
  </section>`
}

function againForm({ delivery, signedIn, endpoint }: DeliveryView): Html | '' {
  if (!may(signedIn, 'webhooks:write') || !endpoint) return ''
  return html`<form method="post" action="/webhooks/deliveries/${showId('dlv', delivery.id)}/redeliver">
    ${csrfField(signedIn)}<button class="may firm">Send it again</button>
  </form>`
}

function stepOf({ attempt, at, status, error, response, duration_ms }: RecordedAttempt): Step {
  const isTaken = status !== null && status >= 200 && status < 300
  return {
    look: isTaken ? 'good' : 'bad',
    what: isTaken ? `Taken, with ${status}` : (error ?? `Answered ${status}`),
    how: `try ${attempt}, ${duration_ms} ms`,
    at,
    ...(response && { raw: { title: 'What it answered', text: response } }),
  }
}

function nextStep({ status, attempt_at }: Delivery): Step[] {
  const turn = status === 'pending' ? showTurn(attempt_at) : null
  return turn ? [{ look: 'late', what: 'Tried next', at: new Date(turn) }] : []
}

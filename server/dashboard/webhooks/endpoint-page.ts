import { html } from 'hono/html'
import { showId } from '../../id.ts'
import type { Html } from '../../web/html.ts'
import { code, facts } from '../../web/parts/facts.ts'
import { moment } from '../../web/parts/time.ts'
import type { Endpoint } from '../../webhooks/endpoint.ts'
import { maskHeaders, openHeaders } from '../../webhooks/headers.ts'
import { showTurn } from '../../webhooks/present.ts'
import type { TestResult } from '../../webhooks/try-endpoint.ts'
import { may } from '../may.ts'
import { csrfField } from '../signed-in.ts'
import { endpointForm } from './endpoint-form.ts'
import type { EndpointForm } from './endpoint-form.ts'

/** One endpoint: its deliveries as they are listed, and what a test event was just answered. */
export type EndpointView = EndpointForm & { endpoint: Endpoint; deliveries: Html; tried?: TestResult | undefined }

/** How one place that is told fares, what it was sent, and what can be done about it. */
export function endpointBody(view: EndpointView): Html {
  const { signedIn, endpoint, deliveries, tried } = view
  const mayChange = may(signedIn, 'webhooks:write')
  return html`${trouble(endpoint)} ${tried ? triedPart(tried) : ''}
    <section class="grid2">
      <div class="stack">
        ${deliveries}
        ${
          mayChange && !endpoint.machine
            ? html`<h2 class="kicker" id="change">Change it</h2>
                ${endpointForm(view)}`
            : ''
        }
      </div>
      <div class="stack">${factPart(view)} ${mayChange ? deeds(view) : ''}</div>
    </section>`
}

function trouble({ status, disabled_because, failing_since, paused_until }: Endpoint): Html | '' {
  const until = showTurn(paused_until)
  if (status === 'disabled')
    return html`<article class="answer bad">
      <h3>It is told nothing</h3>
      <p>${disabled_because ?? 'It was disabled.'}</p>
    </article>`
  if (!failing_since) return ''
  return html`<article class="answer late">
    <h3>It fails</h3>
    <p>
      Since ${moment(failing_since, 'en')}.
      ${until ? html`It is left alone until ${moment(new Date(until), 'en')}, then tried again.` : 'It is tried again.'}
    </p>
  </article>`
}

function triedPart({ delivered, status, error, response, duration_ms }: TestResult): Html {
  return html`<article class="answer ${delivered ? 'good' : 'bad'}">
    <h3>${delivered ? 'It took the test event' : 'It did not take the test event'}</h3>
    <p>${error ?? `It answered ${status}`} <span class="small soft">in ${duration_ms} ms</span></p>
    ${response ? html`<pre class="raw">${response}</pre>` : ''}
  </article>`
}

function factPart({ endpoint, context }: EndpointView): Html {
  const own = maskHeaders(openHeaders(context.config.secretKeys, { ...endpoint, endpoint_id: endpoint.id }))
  const headers = Object.entries(own).map(([name, value]) => html`<div>${name}: ${value}</div>`)
  const { previous_secret_until } = endpoint
  return html`<section class="sheet">
    <header><h2>Details</h2></header>
    <div class="body">
      ${facts([
        ['Address', html`<span class="breaks">${endpoint.url}</span>`],
        ['Told of', endpoint.events ? endpoint.events.join(', ') : 'Everything'],
        ['Money', endpoint.mode === 'live' ? 'Real' : 'Test'],
        ['Own headers', headers.length > 0 ? html`<span class="small code">${headers}</span>` : ''],
        ['Made', moment(endpoint.created_at, 'en')],
        [
          'The secret before signs until',
          previous_secret_until && previous_secret_until > context.clock.now()
            ? moment(previous_secret_until, 'en')
            : '',
        ],
        ['Endpoint', html`<span class="small">${code(showId('whe', endpoint.id))}</span>`],
      ])}
    </div>
  </section>`
}

/** What is done by one press. What cannot be taken back unfolds first. */
function deeds({ endpoint, signedIn }: EndpointView): Html {
  const path = `/webhooks/${showId('whe', endpoint.id)}`
  const isOn = endpoint.status === 'enabled'
  const press = (to: string, words: string) =>
    html`<form method="post" action="${path}/${to}">${csrfField(signedIn)}<button class="may">${words}</button></form>`
  const sure = (to: string, words: string, what: string) =>
    html`<form method="post" action="${path}/${to}">
      ${csrfField(signedIn)}
      <details class="sure">
        <summary class="may">${words}…</summary>
        <div class="unfold">
          <p class="small">${what}</p>
          <button class="do">${words}</button>
        </div>
      </details>
    </form>`
  return html`<section class="sheet">
    <header><h2>Do</h2></header>
    <div class="body acts">
      ${endpoint.machine ? '' : press('test', 'Send a test event')} ${press('redeliver', 'Send all again that failed')}
      ${press(isOn ? 'off' : 'on', isOn ? 'Tell it nothing' : 'Tell it again')}
      ${sure('secret', 'Give it a new secret', 'The one that it has signs for 24 hours more, beside the new one.')}
      ${sure('delete', 'Delete it', 'It is told nothing more. What it was told stays on record.')}
    </div>
  </section>`
}

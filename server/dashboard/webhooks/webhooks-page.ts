import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import { showId } from '../../id.ts'
import { code } from '../../web/parts/facts.ts'
import { empty } from '../../web/parts/empty.ts'
import { status } from '../../web/parts/status.ts'
import { table } from '../../web/parts/table.ts'
import type { Html } from '../../web/html.ts'
import type { Endpoint } from '../../webhooks/endpoint.ts'
import { showTurn } from '../../webhooks/present.ts'
import { may } from '../may.ts'
import type { SignedIn } from '../signed-in.ts'
import { when } from '../when.ts'

/** Everything that the page of webhooks shows. */
export type WebhooksView = { context: Context; signedIn: SignedIn; endpoints: Endpoint[] }

/** Where the shop is told, and how each place fares. */
export function endpointList({ context, signedIn, endpoints }: WebhooksView): Html {
  const now = context.clock.now()
  const make = may(signedIn, 'webhooks:write') ? html`<a class="may firm" href="/webhooks/new">Name an address</a>` : ''
  if (endpoints.length === 0)
    return empty({
      title: 'Nobody is told yet.',
      words:
        'Name an address of your server: of each payment it is told at once, signed, and again until it has understood.',
      ...(make && { action: make }),
    })
  return html`<section class="sheet">
    <header>
      <h2>Who is told</h2>
      ${make}
    </header>
    ${table(
      'Webhook endpoints, newest first',
      [
        {
          name: 'Address',
          look: 'words',
          show: ({ id, url, description, machine }) =>
            html`<a class="breaks" href="/webhooks/${showId('whe', id)}"
                ><b>${description ?? (machine ? `lango listen on ${machine}` : url)}</b></a
              >
              ${description || machine ? html`<div class="small soft breaks">${url}</div>` : ''}`,
        },
        { name: 'State', show: (endpoint) => endpointStatus(endpoint) },
        {
          name: 'Of what',
          look: 'soft',
          isExtra: true,
          show: ({ events }) => (events ? `${events.length} kinds` : 'Everything'),
        },
        {
          name: 'Money',
          isExtra: true,
          show: ({ mode }) => (mode === 'live' ? status('completed', 'Real') : status('idle', 'Test')),
        },
        { name: 'Made', look: 'soft', isExtra: true, show: ({ created_at }) => when(created_at, now) },
      ],
      endpoints,
    )}
  </section>`
}

/** How an endpoint is. */
export function endpointStatus({ status: is, failing_since, paused_until, machine }: Endpoint): Html {
  if (is === 'disabled') return status('failed', 'Off')
  if (machine) return status('completed', 'Listens')
  if (showTurn(paused_until)) return status('pending', 'Left alone')
  return failing_since ? status('pending', 'Failing') : status('completed', 'On')
}

/** A secret of an endpoint, shown this once. */
export function secretBody({ secret, path, isNew }: { secret: string; path: string; isNew: boolean }): Html {
  return html`<section class="read">
    <article class="answer good">
      <h3>${isNew ? 'The secret of this endpoint' : 'The new secret'}</h3>
      <p>
        By it your server knows that what it is told comes from here: <a href="/docs">the libraries</a> take it as it
        stands. It is shown this once.${isNew ? '' : ' For 24 hours the one before signs as well.'}
      </p>
      <p class="secret">${code(secret)}</p>
      <div class="acts"><a class="may" href="${path}">I have kept it</a></div>
    </article>
  </section>`
}

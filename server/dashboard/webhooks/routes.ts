import { Hono } from 'hono'
import { html } from 'hono/html'
import { findEvent } from '../../events/event.ts'
import { parseId, showId } from '../../id.ts'
import { Problem } from '../../problem.ts'
import { findDelivery } from '../../webhooks/delivery.ts'
import { findEndpoint, listEndpoints } from '../../webhooks/endpoint.ts'
import { redeliverDelivery } from '../../webhooks/redeliver-deliveries.ts'
import { asSeen } from '../as-seen.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { deliveryPart, deliveryStatus } from './delivery-list.ts'
import { deliveryBody } from './delivery-page.ts'
import { endpointPagesOf } from './endpoint-routes.ts'
import { endpointList } from './webhooks-page.ts'

const endpointsMax = 50

/** Who is told of what, `/webhooks`, each endpoint, and each delivery to one. */
export function webhookPages() {
  return new Hono<SignedInEnvironment>()
    .use('/webhooks/*', entry('webhooks:read'))
    .get('/webhooks', look)
    .get('/webhooks/deliveries/:id', lookAtDelivery)
    .post('/webhooks/deliveries/:id/redeliver', entry('webhooks:write'), asSeen(), redeliver)
    .route('/', endpointPagesOf())
}

async function look(c: DeskContext): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const { rows } = await listEndpoints(context, { merchant_id, mode, filter: {}, limit: endpointsMax })
  const body = html`${endpointList({ context, signedIn, endpoints: rows })}
  ${rows.length > 0 ? await deliveryPart(c, '/webhooks') : ''}`
  const head = { title: 'Webhooks', lead: 'Where your programs are told what happens, and how that went.' }
  return show(c, { place: '/webhooks', title: 'Webhooks', head, body })
}

async function lookAtDelivery(c: DeskContext): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const { delivery, attempts } = await findDelivery(context, deliveryIn(c))
  const [event, endpoint] = await Promise.all([
    findEvent(context, { merchant_id, mode, id: delivery.event_id }),
    findEndpoint(context, { merchant_id, mode, id: delivery.endpoint_id }).catch(noneAnyMore),
  ])
  const head = {
    title: html`<span class="code">${delivery.event_type}</span> ${deliveryStatus(delivery)}`,
    back: { href: endpoint ? `/webhooks/${showId('whe', endpoint.id)}` : '/webhooks', name: 'Webhooks' },
  }
  const body = deliveryBody({ context, signedIn, delivery, attempts, event, endpoint })
  return show(c, { place: '/webhooks', title: delivery.event_type, head, body })
}

function noneAnyMore(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error
}

async function redeliver(c: DeskContext): Promise<Response> {
  const named = deliveryIn(c)
  await redeliverDelivery(c.var.context, named)
  return goOn(c, `/webhooks/deliveries/${showId('dlv', named.id)}?done=sent_again`)
}

function deliveryIn(c: DeskContext) {
  const { merchant_id, mode } = c.var.caller
  const id = parseId('dlv', c.req.param('id') ?? '')
  if (!id) throw new Problem('not_found', 'There is no such delivery here.')
  return { merchant_id, mode, id }
}

import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { eventTypes } from '../../events/event-type.ts'
import { parseId, showId } from '../../id.ts'
import { Problem } from '../../problem.ts'
import { createEndpoint } from '../../webhooks/create-endpoint.ts'
import { findEndpoint } from '../../webhooks/endpoint.ts'
import type { EndpointName } from '../../webhooks/endpoint.ts'
import { headers } from '../../webhooks/endpoint-schema.ts'
import { redeliverDeliveries } from '../../webhooks/redeliver-deliveries.ts'
import { rotateSecret } from '../../webhooks/rotate-secret.ts'
import { tryEndpoint } from '../../webhooks/try-endpoint.ts'
import type { TestResult } from '../../webhooks/try-endpoint.ts'
import { deleteEndpoint, updateEndpoint } from '../../webhooks/update-endpoint.ts'
import { asSeen } from '../as-seen.ts'
import { answerForm } from '../answer-form.ts'
import { readForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { deliveryPart } from './delivery-list.ts'
import { endpointForm } from './endpoint-form.ts'
import { endpointBody } from './endpoint-page.ts'
import { endpointStatus, secretBody } from './webhooks-page.ts'

const back = { href: '/webhooks', name: 'Webhooks' }

/** Each endpoint on its page, and what is done to it there. */
export function endpointPagesOf() {
  const write = entry('webhooks:write')
  return new Hono<SignedInEnvironment>()
    .get('/webhooks/new', write, (c) => showNew(c))
    .post('/webhooks', write, make)
    .get('/webhooks/:id', (c) => look(c))
    .post('/webhooks/:id', write, asSeen(), change)
    .post('/webhooks/:id/test', write, tryIt)
    .post('/webhooks/:id/redeliver', write, asSeen(), redeliverFailed)
    .post('/webhooks/:id/on', write, asSeen(), (c) => turn(c, 'enabled'))
    .post('/webhooks/:id/off', write, asSeen(), (c) => turn(c, 'disabled'))
    .post('/webhooks/:id/secret', write, asSeen(), renewSecret)
    .post('/webhooks/:id/delete', write, asSeen(), remove)
}

async function showNew(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, signedIn } = c.var
  const body = endpointForm({ context, signedIn, action: '/webhooks', refused })
  return show(
    c,
    { place: '/webhooks', title: 'A new endpoint', head: { title: 'Who is to be told?', back }, body },
    status,
  )
}

type Shown = { refused?: Refused; tried?: TestResult; status?: number }

async function look(c: DeskContext, { refused, tried, status = 200 }: Shown = {}): Promise<Response> {
  const { context, signedIn } = c.var
  const endpoint = await findEndpoint(context, nameIn(c))
  const action = `/webhooks/${showId('whe', endpoint.id)}`
  const deliveries = await deliveryPart(c, action, endpoint)
  const body = endpointBody({ context, signedIn, action, endpoint, deliveries, refused, tried })
  const title = endpoint.description ?? new URL(endpoint.url).host
  const heading = html`<span class="breaks">${title}</span> ${endpointStatus(endpoint)}`
  const head = { title: heading, back }
  return show(c, { place: '/webhooks', title, head, body }, status)
}

function make(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'endpoint',
    again: (refused, status) => showNew(c, refused, status),
    async work() {
      const given = await readEndpoint(c)
      const { merchant_id, mode } = c.var.caller
      const { endpoint, webhook_secret } = await createEndpoint(c.var.context, { merchant_id, mode, ...given })
      return showSecret(c, { id: endpoint.id, secret: webhook_secret, isNew: true })
    },
  })
}

function change(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'endpoint',
    again: (refused, status) => look(c, { refused, status }),
    async work() {
      const name = nameIn(c)
      await updateEndpoint(c.var.context, name, await readEndpoint(c))
      return goOn(c, `/webhooks/${showId('whe', name.id)}?done=endpoint_kept`)
    },
  })
}

async function tryIt(c: DeskContext): Promise<Response> {
  return look(c, { tried: await tryEndpoint(c.var.context, nameIn(c)) })
}

async function redeliverFailed(c: DeskContext): Promise<Response> {
  const { id, ...owner } = nameIn(c)
  await redeliverDeliveries(c.var.context, owner, { filter: { endpoint_id: id, status: 'failed' }, missed: false })
  return goOn(c, `/webhooks/${showId('whe', id)}?done=sent_again`)
}

async function turn(c: DeskContext, status: 'enabled' | 'disabled'): Promise<Response> {
  const name = nameIn(c)
  await updateEndpoint(c.var.context, name, { status })
  return goOn(c, `/webhooks/${showId('whe', name.id)}?done=${status === 'enabled' ? 'told_again' : 'told_nothing'}`)
}

async function renewSecret(c: DeskContext): Promise<Response> {
  const { endpoint, webhook_secret } = await rotateSecret(c.var.context, nameIn(c))
  return showSecret(c, { id: endpoint.id, secret: webhook_secret, isNew: false })
}

async function remove(c: DeskContext): Promise<Response> {
  await deleteEndpoint(c.var.context, nameIn(c))
  return goOn(c, '/webhooks?done=deleted')
}

function showSecret(c: DeskContext, { id, ...shown }: { id: string; secret: string; isNew: boolean }) {
  const body = secretBody({ ...shown, path: `/webhooks/${showId('whe', id)}` })
  return show(c, { place: '/webhooks', title: 'Secret', head: { title: 'Secret', back }, body })
}

/** What a form says of an endpoint. Headers that are left out stay. */
async function readEndpoint(c: DeskContext) {
  const { value, typed } = await readForm(c, 'endpoint', fields)
  const ticked = eventTypes.filter((type) => typed[type] === 'yes')
  return {
    url: value.url,
    description: value.description ?? null,
    events: ticked.length > 0 ? ticked : null,
    ...(value.headers && { headers: value.headers }),
  }
}

const line = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/

const fields = z.object({
  url: z.string().max(2_000),
  description: z.string().max(200).optional(),
  headers: z
    .string()
    .transform((text, context) => {
      const lines = text.split('\n').filter((one) => one.trim() !== '')
      const pairs = lines.map((one) => line.exec(one)?.slice(1) as [string, string] | undefined)
      if (pairs.some((pair) => pair === undefined)) {
        context.addIssue('Write one header a line, its name, a colon and its value')
        return z.NEVER
      }
      return Object.fromEntries(pairs as [string, string][])
    })
    .pipe(headers)
    .optional(),
})

function nameIn(c: DeskContext): EndpointName {
  const { merchant_id, mode } = c.var.caller
  const id = parseId('whe', c.req.param('id') ?? '')
  if (!id) throw new Problem('not_found', 'There is no such webhook endpoint here.')
  return { merchant_id, mode, id }
}

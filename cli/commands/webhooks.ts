import type { Delivery, WebhookEndpoint } from '@lango/client'
import { clientOptions, withClient } from '../client.ts'
import { command, UsageError } from '../command.ts'
import type { Noun } from '../command.ts'
import { bad, faint, paintState, table } from '../paint.ts'

const list = command({
  summary: 'lists who is told of events, and how they fare',
  options: clientOptions,
  json: '[…], webhook endpoints as the API shows them',
  examples: ['webhooks list'],
  async run({ options: { key, url } }) {
    const found = await withClient({ key, url }, (lango) => Array.fromAsync(lango.webhookEndpoints.list()))
    return { json: found, text: found.length === 0 ? 'There is none.' : table(found.map(rowOf)) }
  },
})

function rowOf(endpoint: WebhookEndpoint): string[] {
  const { id, mode, url, events, status, disabled_because, failing_since, machine } = endpoint
  const trouble = disabled_because ?? (failing_since ? `failing since ${failing_since}` : '')
  return [
    id,
    mode,
    paintState(status),
    machine === null ? url : `${url} on ${machine}, by listening`,
    faint(events?.join(',') ?? 'all events'),
    bad(trouble),
  ]
}

const redeliver = command({
  summary: 'sends events again: one, all that failed, or those of a time',
  about: 'To endpoints and to those who listen. Without an id it takes --failed, or --since.',
  words: { id: { what: 'of an event (evt_…) or of one delivery of it (dlv_…)', isOptional: true } },
  options: {
    failed: { what: 'all deliveries that have failed' },
    since: { takes: '<time>', what: 'those of events since a day in Nairobi, such as 2026-11-25, or a time' },
    until: { takes: '<time>', what: 'the same, where they end' },
    missed: { what: 'with --since, also what was never sent to an endpoint that was disabled, or made later' },
    endpoint: { takes: '<whe_…>', what: 'to this endpoint alone' },
    ...clientOptions,
  },
  json: 'the deliveries of an event or the delivery that are due now, or {"redelivered"}',
  examples: [
    'webhooks redeliver evt_0193a6c177b27d0e8f21c4d5e6f70812',
    'webhooks redeliver --failed',
    'webhooks redeliver --since 2026-11-25 --until 2026-11-25 --missed',
  ],
  run: ({ words: { id }, options: { failed, since, until, missed, endpoint, key, url } }) =>
    withClient({ key, url }, async (lango) => {
      if (id === undefined) {
        if (!failed && !since) throw new UsageError('Say what to send again: an id, --failed, or --since with a day.')
        const status = failed ? ('failed' as const) : undefined
        const filter = { status, since, until, endpoint_id: endpoint, ...(missed && { missed }) }
        const { redelivered } = await lango.deliveries.redeliverAll(filter)
        return {
          json: { redelivered },
          text: redelivered === 0 ? 'There was nothing to send.' : `Due now: ${redelivered}.`,
        }
      }
      if (failed || since || until || missed) throw new UsageError('Give an id, or what it is one of; not both.')
      if (id.startsWith('dlv_')) {
        const due = await lango.deliveries.redeliver(id)
        return { json: due, text: tell(due) }
      }
      const due = await lango.events.redeliver(id, { ...(endpoint && { endpoint_id: endpoint }) })
      return { json: due, text: due.map(tell).join('\n') }
    }),
})

const tell = ({ id, event_type, endpoint_id }: Delivery) => `${id}  ${event_type} to ${endpoint_id} is due now.`

export const webhooks: Noun = { summary: 'who is told of events: list, redeliver', verbs: { list, redeliver } }

import { html } from 'hono/html'
import { z } from 'zod'
import { showId } from '../../id.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import { status } from '../../web/parts/status.ts'
import type { Column } from '../../web/parts/table.ts'
import { listDeliveries } from '../../webhooks/delivery.ts'
import type { Delivery } from '../../webhooks/delivery.ts'
import type { Endpoint } from '../../webhooks/endpoint.ts'
import { listPart, rowsShown } from '../list-part.ts'
import { readQuery } from '../query.ts'
import type { DeskContext } from '../desk-context.ts'
import { statusChoice } from '../status-choice.ts'
import { when } from '../when.ts'

const filterParams = { status: z.enum(['pending', 'succeeded', 'failed']).optional() }

/** The deliveries to one endpoint, or to all of them. */
export async function deliveryPart(c: DeskContext, path: string, endpoint?: Endpoint): Promise<Html> {
  const { context, caller } = c.var
  const { filter, typed, wrong, before } = readQuery(c, filterParams, 'dlv')
  const found = await listDeliveries(context, {
    merchant_id: caller.merchant_id,
    mode: caller.mode,
    filter: { ...filter, ...(endpoint && { endpoint_id: endpoint.id }) },
    limit: rowsShown,
    ...(before && { before }),
  })
  return html`<h2 class="kicker">What was told</h2>
    ${statusChoice(path, typed, [
      ['', 'All'],
      ['failed', 'Not taken'],
      ['pending', 'On its way'],
      ['succeeded', 'Taken'],
    ])}
    ${listPart({
      caption: 'Deliveries, newest first',
      prefix: 'dlv',
      path,
      typed,
      wrong,
      columns: deliveryColumns(context.clock.now()),
      found,
      isLater: before !== undefined,
      none: empty({
        title: 'Nothing was told yet.',
        words: 'Take a payment, or send a test event, and it stands here.',
      }),
      noneFits: 'No delivery is like that.',
    })}`
}

/** How a delivery is. */
export function deliveryStatus({ status: is, attempts }: Pick<Delivery, 'status' | 'attempts'>): Html {
  if (is === 'succeeded') return status('completed', 'Taken')
  if (is === 'failed') return status('failed', 'Not taken')
  return status('pending', attempts === 0 ? 'On its way' : 'Tried again')
}

/** What a list of deliveries shows. */
function deliveryColumns(now: Date): Column<Delivery>[] {
  return [
    {
      name: 'Event',
      show: ({ id, event_type, created_at }) =>
        html`<a class="code" href="/webhooks/deliveries/${showId('dlv', id)}">${event_type}</a>
          <div class="small soft only-small">${when(created_at, now)}</div>`,
    },
    { name: 'State', show: (delivery) => deliveryStatus(delivery) },
    { name: 'Tries', look: 'num', isExtra: true, show: ({ attempts }) => String(attempts) },
    {
      name: 'Last answer',
      look: 'words',
      isExtra: true,
      show: ({ last_status, last_error }) => (last_status === null ? (last_error ?? '') : String(last_status)),
    },
    { name: 'When', look: 'num', isExtra: true, show: ({ created_at }) => when(created_at, now) },
  ]
}

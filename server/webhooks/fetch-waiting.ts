import { createBell } from '../bell.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { findEndpoint } from './endpoint.ts'
import type { Endpoint, EndpointName } from './endpoint.ts'
import { openSecrets } from './secret.ts'
import { signMessage } from './sign.ts'

/** A delivery that waits for a listener, with the headers that Lango would post it with at this moment. */
export type WaitingDelivery = {
  id: string
  event_id: string
  event_type: string
  /** When the event happened. */
  created_at: Date
  /** The number of the attempt that would be made, the first being 1. */
  attempt: number
  headers: Record<string, string>
  body: string
}

/** How many at most, which not, and how long to wait until there is one. */
export type Wish = { limit: number; except: string[]; waitMs: number; gone?: AbortSignal }

/** Another node may have made a delivery, of which this one hears nothing. */
const lookEveryMs = 2_000
const heardEveryMs = 60_000

/**
 * What waits for a listener, the longest ago first; when nothing does, the answer waits too. Nothing is changed by it: a delivery is
 * fetched until an attempt at it is reported.
 * @throws a Problem when there is no such listener, or it is disabled.
 */
export async function fetchWaiting(context: Context, name: EndpointName, wish: Wish): Promise<WaitingDelivery[]> {
  const listener = await findListener(context, name)
  await noteHeard(context, listener)
  const late = AbortSignal.timeout(wish.waitMs)
  const over = AbortSignal.any([late, context.signals.stopping, ...(wish.gone ? [wish.gone] : [])])
  const bell = createBell()
  const off = context.signals.onWake((sweep) => sweep === 'deliveries' && bell.ring())
  over.addEventListener('abort', bell.ring)
  try {
    for (;;) {
      const found = await look(context, listener, wish)
      if (found.length > 0 || over.aborted) return found
      await bell.heard(lookEveryMs)
    }
  } finally {
    off()
    over.removeEventListener('abort', bell.ring)
  }
}

/** @throws a Problem when there is none, it is posted to, or it is disabled. */
async function findListener(context: Context, name: EndpointName): Promise<Endpoint> {
  const endpoint = await findEndpoint(context, name)
  if (endpoint.machine === null) throw new Problem('conflict', 'This endpoint is posted to; only a listener fetches.')
  if (endpoint.status === 'enabled') return endpoint
  throw new Problem('conflict', `This listener is disabled: ${endpoint.disabled_because} Listen anew to enable it.`)
}

async function noteHeard(context: Context, { merchant_id, id }: Endpoint): Promise<void> {
  const now = context.clock.now()
  await context.database.query(sql`
    update webhook_endpoints set heard_at = ${now}
    where merchant_id = ${merchant_id} and id = ${id} and heard_at < ${later(now, -heardEveryMs)}`)
}

type Row = Omit<WaitingDelivery, 'headers'>

async function look(context: Context, listener: Endpoint, { limit, except }: Wish): Promise<WaitingDelivery[]> {
  const { merchant_id, id: endpoint_id } = listener
  const rows = await context.database.query<Row>(sql`
    select d.id, d.event_id, t.type as event_type, t.created_at, d.attempts + 1 as attempt, t.body
    from deliveries d
    join events t on t.merchant_id = d.merchant_id and t.id = d.event_id
    where d.merchant_id = ${merchant_id} and d.endpoint_id = ${endpoint_id} and d.attempt_at = 'infinity'
      and d.id <> all (${except}::uuid[])
    order by t.created_at, t.version, d.id limit ${limit}`)
  const at = context.clock.now()
  const secrets = openSecrets(context.config.secretKeys, { ...listener, endpoint_id }, at)
  return rows.map((row) => {
    const message = { id: showId('evt', row.event_id), type: row.event_type, body: row.body, at }
    const headers = { 'Content-Type': 'application/json', 'User-Agent': 'Lango', ...signMessage(message, secrets) }
    return { ...row, headers }
  })
}

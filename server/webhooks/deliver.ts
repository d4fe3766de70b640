import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import type { Reach } from '../guarded/address.ts'
import { always } from '../database/horizon.ts'
import { showId } from '../id.ts'
import { allLanes, claimDeliveries, someLanes } from './claim.ts'
import type { Claim, ClaimedDelivery } from './claim.ts'
import { loopbackAllowed, reachOf } from './endpoint-url.ts'
import { createLoad } from './load.ts'
import type { Load } from './load.ts'
import { tracedAttempt } from '../tracing.ts'
import { openHeaders } from './headers.ts'
import { postMessage } from './post.ts'
import { putOff } from './put-off.ts'
import { recordAttempts } from './record.ts'
import { openSecrets } from './secret.ts'

/** The sweep that tells merchants what happened, and a way to wait for the posts that it has under way. */
export type Deliveries = Sweep & { settled(): Promise<void> }

/**
 * Makes the sweep of one node. Each run claims what is due and begins to post it, without waiting for the answers:
 * so a slow shop holds up nobody, and outcomes are recorded together as they come. While something is due that could not be taken,
 * the end of each post is a reason to look again; else nothing is looked for before the next news or turn.
 */
export function createDeliveries(): Deliveries {
  const load = createLoad()
  const underWay = new Set<Promise<void>>()
  let isBusy = false
  let isMore = false
  let hasEnded = false
  let putOffAt = new Date(0)

  async function run(context: Context, since = always): Promise<number> {
    hasEnded = false
    const { claimed, ...rest } = await claim(context, since)
    isMore = rest.isMore
    isBusy = claimed.length >= busyAt
    // What ended meanwhile may be what the rest waits for.
    if (isMore && (claimed.length > 0 || hasEnded)) context.signals.wake('deliveries')
    // Only now, so that the one delivery with which an endpoint is tried is among those claimed.
    await putOffInTime(context, since)
    const toSend = claimed.filter(({ status }) => status === 'pending')
    if (toSend.length > 0) {
      const loopback = await loopbackAllowed(context)
      for (const delivery of toSend) begin(context, delivery, loopback)
    }
    return claimed.length
  }

  /** While there is plenty, each node takes from a part of it; else whatever there is. */
  async function claim(context: Context, since: Date): Promise<Claim> {
    if (load.room().inAll === 0) return { claimed: [], isMore: true }
    const some = isBusy ? await claimDeliveries(context, load, { since, lanes: someLanes() }) : undefined
    if (some && some.claimed.length > 0) return { ...some, isMore: true }
    return claimDeliveries(context, load, { since, lanes: allLanes })
  }

  async function putOffInTime(context: Context, since: Date): Promise<void> {
    const now = context.clock.now()
    if (now < putOffAt) return
    putOffAt = later(now, putOffMs)
    await putOff(context, load, since)
  }

  function begin(context: Context, delivery: ClaimedDelivery, loopback: boolean): void {
    const post = deliver(context, delivery, { load, reach: reachOf(delivery, loopback) })
    underWay.add(post)
    void post.finally(() => {
      underWay.delete(post)
      hasEnded = true
      // Now there is room for another, or a later event of the same payment may follow.
      if (isMore || delivery.is_trial) context.signals.wake('deliveries')
    })
  }

  return {
    name: 'deliveries',
    queue: { table: 'deliveries', column: 'attempt_at' },
    everyMs: 1_000,
    // It wakes itself while there is more.
    atMost: Infinity,
    run,
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

const busyAt = 64
const putOffMs = 1_000

/** Posts one event to one endpoint, and records how it went. Never throws: what cannot be recorded is due again after its lease. */
async function deliver(
  context: Context,
  { id, attempts, event_id, type, body, url, ...endpoint }: ClaimedDelivery,
  { load, reach }: { load: Load; reach: Reach },
): Promise<void> {
  const { merchant_id, endpoint_id } = endpoint
  let duration_ms = 0
  load.begin(endpoint)
  try {
    const { secretKeys } = context.config
    const secrets = openSecrets(secretKeys, endpoint, context.clock.now())
    const headers = openHeaders(secretKeys, endpoint)
    const [delivery, event, attempt] = [showId('dlv', id), showId('evt', event_id), attempts + 1]
    const outcome = await tracedAttempt({ delivery, event, type, attempt, url }, (trace) =>
      postMessage(
        context,
        { id: event, type, body },
        { merchant_id, url, headers: { ...headers, ...trace }, secrets, reach },
      ),
    )
    duration_ms = outcome.duration_ms
    await context.gather(recordAttempts, {
      ...outcome,
      merchant_id,
      delivery_id: id,
      endpoint_id,
      attempt,
    })
  } catch (error) {
    context.log.error(
      { error, delivery: showId('dlv', id) },
      'A delivery was not recorded; it is made again in a minute.',
    )
  } finally {
    load.end(endpoint, duration_ms)
  }
}

/** Delivers everything that is due now, and waits until it is done. Answers how many there were. */
export async function deliverDue(context: Context): Promise<number> {
  const deliveries = createDeliveries()
  let total = 0
  for (;;) {
    const count = await deliveries.run(context)
    await deliveries.settled()
    if (count === 0) return total
    total += count
  }
}

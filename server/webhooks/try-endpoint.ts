import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { findEndpoint, isNamed } from './endpoint.ts'
import type { EndpointName } from './endpoint.ts'
import { loopbackAllowed, reachOf } from './endpoint-url.ts'
import { openHeaders } from './headers.ts'
import { isSuccess, postMessage } from './post.ts'
import type { AttemptResult } from './post.ts'
import { openSecrets } from './secret.ts'

/** How a test event fared at an endpoint. */
export type TestResult = Omit<AttemptResult, 'at' | 'retryAfter'> & { delivered: boolean }

/**
 * Sends a `webhook.test` event to an endpoint, enabled or not, and waits for the answer. It is not kept, and not sent again.
 * One that takes it is no longer left alone for having failed. @throws a Problem when there is none, or it is a listener.
 */
export async function tryEndpoint(context: Context, name: EndpointName): Promise<TestResult> {
  const { id: endpoint_id, ...endpoint } = await findEndpoint(context, name)
  const { merchant_id, url } = endpoint
  if (endpoint.machine !== null) {
    throw new Problem(
      'conflict',
      'Nothing is posted to a listener, which fetches. Take a payment in the simulator instead.',
    )
  }
  const { secretKeys } = context.config
  const now = context.clock.now()
  const id = showId('evt', newId(now))
  const type = 'webhook.test'
  const data = { endpoint_id: showId('whe', endpoint_id), merchant_id: showId('mer', merchant_id) }
  const body = JSON.stringify({ id, type, created_at: now.toISOString(), data })
  const { status, error, response, duration_ms } = await postMessage(
    context,
    { id, type, body },
    {
      merchant_id,
      url,
      headers: openHeaders(secretKeys, { ...endpoint, endpoint_id }),
      secrets: openSecrets(secretKeys, { ...endpoint, endpoint_id }, now),
      reach: reachOf(endpoint, await loopbackAllowed(context)),
    },
  )
  const delivered = isSuccess(status)
  if (delivered && endpoint.strikes > 0) {
    await context.database.query(
      sql`update webhook_endpoints w set strikes = 0, paused_until = null where ${isNamed(name)}`,
    )
  }
  return { delivered, status, error, response, duration_ms }
}

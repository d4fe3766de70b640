import type { Context } from '../context.ts'
import { listRows } from '../api/list-rows.ts'
import type { Listing, Page } from '../api/list-rows.ts'
import { columns } from '../database/columns.ts'
import { join, sql } from '../database/sql.ts'
import type { Sql, Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { Problem } from '../problem.ts'
import { loopbackAllowed, reachOf, readEndpointUrl } from './endpoint-url.ts'
import type { EventType } from '../events/event-type.ts'
import { isSuccess, postMessage } from './post.ts'
import type { AttemptResult } from './post.ts'
import { newWebhookSecret, openSecrets, rotationEnd, sealSecret } from './secret.ts'

/** Where a merchant is told what happened, as the database holds it. */
export type Endpoint = {
  merchant_id: string
  id: string
  /** Which payments it is told of: those of the live environment, or those of simulator and sandbox. */
  mode: Mode
  url: string
  description: string | null
  /** Null asks for all of them. */
  events: EventType[] | null
  secret: Buffer
  previous_secret: Buffer | null
  previous_secret_until: Date | null
  status: 'enabled' | 'disabled'
  disabled_because: string | null
  failing_since: Date | null
  created_at: Date
  updated_at: Date
  deleted_at: Date | null
}

/** Which endpoint, and of whom. A test key does not see live ones. */
export type EndpointName = { merchant_id: string; id: string; mode: Mode }

/** An endpoint with the secret that verifies what it is sent. The secret is shown this once. */
export type EndpointWithSecret = { endpoint: Endpoint; webhook_secret: string }

const endpointsMax = 50

/** Makes an endpoint in the mode of the key that asks. @throws a Problem when its url is not one that events may be sent to. */
export async function createEndpoint(
  context: Context,
  input: { merchant_id: string; mode: Mode; url: string; events?: EventType[] | null; description?: string | null },
): Promise<EndpointWithSecret> {
  const { merchant_id, mode, events = null, description = null } = input
  const url = await readEndpointUrl(context, input.url, { merchant_id, mode })
  const now = context.clock.now()
  const id = newId(now)
  const webhook_secret = newWebhookSecret()
  const sealed = sealSecret(context.config.secretKeys, { merchant_id, endpoint_id: id }, 'secret', webhook_secret)
  const endpoint = await context.database.transaction(async (transaction) => {
    const made = await transaction.maybe<Endpoint>(sql`
      insert into webhook_endpoints ${columns<Partial<Endpoint>>({
        merchant_id,
        id,
        mode,
        url,
        description,
        events,
        secret: sealed,
        created_at: now,
        updated_at: now,
      })}
      where (select count(*) from webhook_endpoints where merchant_id = ${merchant_id} and deleted_at is null) < ${endpointsMax}
      returning *`)
    if (!made)
      throw new Problem('conflict', `There are ${endpointsMax} endpoints already. Delete one that is not used.`)
    await audit(transaction, context, made, 'created', { url, events, mode })
    return made
  })
  return { endpoint, webhook_secret }
}

/** One endpoint. @throws a Problem when there is none of this merchant. */
export async function findEndpoint(context: Context, name: EndpointName): Promise<Endpoint> {
  return (
    (await context.database.maybe<Endpoint>(sql`select * from webhook_endpoints w where ${isNamed(name)}`)) ??
    notFound()
  )
}

/** One page of a merchant's endpoints, newest first. */
export function listEndpoints(context: Context, listing: Listing<object>): Promise<Page<Endpoint>> {
  const where = [sql`w.merchant_id = ${listing.merchant_id}`, sql`w.deleted_at is null`, isVisible(listing.mode)]
  return listRows<Endpoint>(context, listing, { from: sql`webhook_endpoints w`, where })
}

/** What can be changed of an endpoint; what is left out stays. Enabling forgets why it was disabled. */
export type EndpointChange = {
  url?: string
  events?: EventType[] | null
  description?: string | null
  status?: Endpoint['status']
}

/** Changes an endpoint. @throws a Problem when there is none, or its url is not one that events may be sent to. */
export async function updateEndpoint(context: Context, name: EndpointName, change: EndpointChange): Promise<Endpoint> {
  const { merchant_id, mode } = await findEndpoint(context, name)
  const url = change.url === undefined ? undefined : await readEndpointUrl(context, change.url, { merchant_id, mode })
  const columns = [
    sql`updated_at = ${context.clock.now()}`,
    url !== undefined && sql`url = ${url}`,
    change.events !== undefined && sql`events = ${change.events}`,
    change.description !== undefined && sql`description = ${change.description}`,
    change.status === 'enabled' && sql`status = 'enabled', disabled_because = null, failing_since = null`,
    change.status === 'disabled' && sql`status = 'disabled', disabled_because = 'It was disabled by hand.'`,
  ].filter((column): column is Sql => column !== false)
  return context.database.transaction(async (transaction) => {
    const changed = await transaction.maybe<Endpoint>(sql`
      update webhook_endpoints w set ${join(columns, sql`, `)} where ${isNamed(name)} returning *`)
    if (!changed) return notFound()
    await audit(transaction, context, changed, 'updated', { ...change })
    return changed
  })
}

/** Deletes an endpoint: it is told nothing more, and what it was told stays on record. @throws a Problem when there is none. */
export async function deleteEndpoint(context: Context, name: EndpointName): Promise<void> {
  const now = context.clock.now()
  await context.database.transaction(async (transaction) => {
    const deleted = await transaction.maybe<Endpoint>(sql`
      update webhook_endpoints w set deleted_at = ${now}, updated_at = ${now} where ${isNamed(name)} returning *`)
    if (!deleted) return notFound()
    await audit(transaction, context, deleted, 'deleted')
  })
}

/**
 * Gives an endpoint a new secret. For 24 hours the old one signs beside it, so that no event is refused while the merchant
 * changes over. @throws a Problem when there is none.
 */
export async function rotateSecret(context: Context, name: EndpointName): Promise<EndpointWithSecret> {
  const { secretKeys } = context.config
  const now = context.clock.now()
  const webhook_secret = newWebhookSecret()
  const endpoint = await context.database.transaction(async (transaction) => {
    const before = await transaction.maybe<Endpoint>(
      sql`select * from webhook_endpoints w where ${isNamed(name)} for update`,
    )
    if (!before) return notFound()
    const owner = { merchant_id: before.merchant_id, endpoint_id: before.id }
    const { current } = openSecrets(secretKeys, { ...before, ...owner }, now)
    const changed = await transaction.one<Endpoint>(sql`
      update webhook_endpoints w set secret = ${sealSecret(secretKeys, owner, 'secret', webhook_secret)},
        previous_secret = ${sealSecret(secretKeys, owner, 'previous_secret', current)},
        previous_secret_until = ${rotationEnd(now)}, updated_at = ${now}
      where ${isNamed(name)} returning *`)
    await audit(transaction, context, changed, 'secret_rotated')
    return changed
  })
  return { endpoint, webhook_secret }
}

/** How a test event fared at an endpoint. */
export type TestResult = Omit<AttemptResult, 'at' | 'retryAfter'> & { delivered: boolean }

/** Sends a `webhook.test` event to an endpoint, enabled or not, and waits for the answer. It is not kept, and not sent again. */
export async function testEndpoint(context: Context, name: EndpointName): Promise<TestResult> {
  const endpoint = await findEndpoint(context, name)
  const now = context.clock.now()
  const id = showId('evt', newId(now))
  const type = 'webhook.test'
  const data = { endpoint_id: showId('whe', endpoint.id), merchant_id: showId('mer', endpoint.merchant_id) }
  const body = JSON.stringify({ id, type, created_at: now.toISOString(), data })
  const secrets = openSecrets(context.config.secretKeys, { ...endpoint, endpoint_id: endpoint.id }, now)
  const { merchant_id, url } = endpoint
  const reach = reachOf(endpoint, await loopbackAllowed(context))
  const outcome = await postMessage(context, { id, type, body }, { merchant_id, url, secrets, reach })
  const { status, error, response, duration_ms } = outcome
  return { delivered: isSuccess(status), status, error, response, duration_ms }
}

function isNamed({ merchant_id, id, mode }: EndpointName): Sql {
  return sql`w.merchant_id = ${merchant_id} and w.id = ${id} and w.deleted_at is null and ${isVisible(mode)}`
}

function isVisible(mode: Mode): Sql {
  return sql`(w.mode = 'test' or ${mode} = 'live')`
}

function notFound(): never {
  throw new Problem('not_found', 'There is no such webhook endpoint, or it is not yours.', 'id')
}

function audit(
  transaction: Transaction,
  context: Context,
  { merchant_id, id }: Endpoint,
  action: 'created' | 'updated' | 'deleted' | 'secret_rotated',
  details?: Record<string, unknown>,
): Promise<void> {
  return writeAudit(transaction, context, {
    merchant_id,
    action: `webhook_endpoint.${action}`,
    subject: showId('whe', id),
    details,
  })
}

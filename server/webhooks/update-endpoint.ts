import type { Context } from '../context.ts'
import { join, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { EventPattern } from '../events/event-pattern.ts'
import { auditEndpoint, findEndpoint, isNamed, lockEndpoint } from './endpoint.ts'
import type { Endpoint, EndpointName } from './endpoint.ts'
import { readEndpointUrl } from './endpoint-url.ts'
import { forEver } from './listener.ts'
import { changeHeaders, openHeaders, sealHeaders } from './headers.ts'

/**
 * What can be changed of an endpoint; what is left out stays. Enabling forgets why it was disabled, and that it failed. Of the
 * headers those that are named change, and null takes one away, or all.
 */
export type EndpointChange = {
  url?: string
  events?: EventPattern[] | null
  headers?: Record<string, string | null> | null
  description?: string | null
  status?: Endpoint['status']
}

/** Changes an endpoint. @throws a Problem when there is none, or its url is not one that events may be sent to. */
export async function updateEndpoint(context: Context, name: EndpointName, change: EndpointChange): Promise<Endpoint> {
  const url =
    change.url === undefined ? undefined : await readEndpointUrl(context, change.url, await findEndpoint(context, name))
  return context.database.transaction(async (transaction) => {
    const before = await lockEndpoint(transaction, name)
    const columns = [
      sql`updated_at = ${context.clock.now()}`,
      url !== undefined && sql`url = ${url}`,
      change.events !== undefined && sql`events = ${change.events}`,
      change.headers !== undefined && sql`headers = ${changedHeaders(context, before, change.headers)}`,
      change.description !== undefined && sql`description = ${change.description}`,
      change.status === 'enabled' && enabledAgain,
      change.status === 'disabled' &&
        sql`status = 'disabled', disabled_because = 'It was disabled by hand.', paused_until = null`,
    ].filter((column): column is Sql => column !== false)
    const endpoint = await transaction.one<Endpoint>(
      sql`update webhook_endpoints w set ${join(columns, sql`, `)} where ${isNamed(name)} returning *`,
    )
    const details = { ...change, ...(change.headers && { headers: Object.keys(change.headers) }) }
    await auditEndpoint(transaction, context, { endpoint, action: 'updated', details })
    return endpoint
  })
}

/** The columns of an endpoint that is well, as far as anybody knows. */
export const enabledAgain = sql`status = 'enabled', disabled_because = null, failing_since = null, strikes = 0,
  paused_until = case when w.machine is not null then ${forEver} end`

function changedHeaders(
  { config: { secretKeys } }: Context,
  { merchant_id, id: endpoint_id, headers }: Endpoint,
  change: Record<string, string | null> | null,
): Buffer | null {
  if (!change) return null
  const owner = { merchant_id, endpoint_id }
  return sealHeaders(secretKeys, owner, changeHeaders(openHeaders(secretKeys, { ...owner, headers }), change))
}

/** Deletes an endpoint: it is told nothing more, and what it was told stays on record. @throws a Problem when there is none. */
export async function deleteEndpoint(context: Context, name: EndpointName): Promise<void> {
  const now = context.clock.now()
  await context.database.transaction(async (transaction) => {
    await lockEndpoint(transaction, name)
    const endpoint = await transaction.one<Endpoint>(sql`
      update webhook_endpoints w set deleted_at = ${now}, updated_at = ${now}, paused_until = null
      where ${isNamed(name)} returning *`)
    await auditEndpoint(transaction, context, { endpoint, action: 'deleted' })
  })
}

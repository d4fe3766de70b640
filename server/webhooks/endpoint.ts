import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { listRows } from '../api/list-rows.ts'
import type { Listing, Page } from '../api/list-rows.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql, Transaction } from '../database/sql.ts'
import type { EventPattern } from '../events/event-pattern.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'

/** Where a merchant is told what happened, as the database holds it. */
export type Endpoint = {
  merchant_id: string
  id: string
  /** Which payments it is told of: those of the live environment, or those of simulator and sandbox. */
  mode: Mode
  url: string
  description: string | null
  /** Null asks for all of them. */
  events: EventPattern[] | null
  /** The merchant's own headers. */
  headers: Buffer | null
  secret: Buffer
  previous_secret: Buffer | null
  previous_secret_until: Date | null
  status: 'enabled' | 'disabled'
  disabled_because: string | null
  failing_since: Date | null
  /** How often in a row it has failed, as far as that is counted. */
  strikes: number
  /** Left alone until then; a listener for ever. */
  paused_until: Date | null
  /** The one of this merchant and mode that is set without naming it. */
  is_simple: boolean
  /** The machine of a listener, which fetches its deliveries; null for what is posted to. */
  machine: string | null
  /** When a listener last fetched. */
  heard_at: Date | null
  created_at: Date
  updated_at: Date
  deleted_at: Date | null
}

/** Which endpoint, and of whom. A test key does not see live ones. */
export type EndpointName = { merchant_id: string; id: string; mode: Mode }

/** An endpoint with the secret that verifies what it is sent. The secret is shown this once. */
export type EndpointWithSecret = { endpoint: Endpoint; webhook_secret: string }

/** One endpoint. @throws a Problem when there is none of this merchant. */
export async function findEndpoint(context: Context, name: EndpointName): Promise<Endpoint> {
  const endpoint = await context.database.maybe<Endpoint>(sql`select * from webhook_endpoints w where ${isNamed(name)}`)
  return endpoint ?? noEndpoint()
}

/** One endpoint, which nobody else changes until the transaction ends. @throws a Problem when there is none of this merchant. */
export async function lockEndpoint(transaction: Transaction, name: EndpointName): Promise<Endpoint> {
  const endpoint = await transaction.maybe<Endpoint>(
    sql`select * from webhook_endpoints w where ${isNamed(name)} for update`,
  )
  return endpoint ?? noEndpoint()
}

/** One page of a merchant's endpoints, newest first. */
export function listEndpoints(context: Context, listing: Listing<object>): Promise<Page<Endpoint>> {
  const where = [sql`w.merchant_id = ${listing.merchant_id}`, sql`w.deleted_at is null`, isVisible(listing.mode)]
  return listRows<Endpoint>(context, listing, { from: sql`webhook_endpoints w`, where })
}

/** That `webhook_endpoints w` is the one named, in SQL. */
export function isNamed({ merchant_id, id, mode }: EndpointName): Sql {
  return sql`w.merchant_id = ${merchant_id} and w.id = ${id} and w.deleted_at is null and ${isVisible(mode)}`
}

function isVisible(mode: Mode): Sql {
  return sql`(w.mode = 'test' or ${mode} = 'live')`
}

function noEndpoint(): never {
  throw new Problem('not_found', 'There is no such webhook endpoint, or it is not yours.', 'id')
}

/** Writes down what was done to an endpoint. Its secrets and the values of its headers are no details. */
export function auditEndpoint(
  transaction: Transaction,
  context: Context,
  {
    endpoint: { merchant_id, id },
    action,
    details,
  }: {
    endpoint: Endpoint
    action: 'created' | 'updated' | 'deleted' | 'secret_rotated'
    details?: Record<string, unknown>
  },
): Promise<void> {
  return writeAudit(transaction, context, {
    merchant_id,
    action: `webhook_endpoint.${action}`,
    subject: showId('whe', id),
    details,
  })
}

import type { Mode } from '../access/key.ts'
import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import type { EventPattern } from '../events/event-pattern.ts'
import { newId } from '../id.ts'
import { Problem } from '../problem.ts'
import { auditEndpoint } from './endpoint.ts'
import type { Endpoint, EndpointWithSecret } from './endpoint.ts'
import { readEndpointUrl } from './endpoint-url.ts'
import { changeHeaders, sealHeaders } from './headers.ts'
import type { OwnHeaders } from './headers.ts'
import { forEver } from './listener.ts'
import { newWebhookSecret, sealSecret } from './secret.ts'

/** What an endpoint is made of. Without events it is told of all. */
export type NewEndpoint = {
  merchant_id: string
  mode: Mode
  url: string
  events?: EventPattern[] | null
  headers?: OwnHeaders
  description?: string | null
}

type Inserted = Pick<
  Endpoint,
  | 'merchant_id'
  | 'id'
  | 'mode'
  | 'url'
  | 'description'
  | 'events'
  | 'headers'
  | 'secret'
  | 'is_simple'
  | 'machine'
  | 'heard_at'
  | 'paused_until'
  | 'created_at'
  | 'updated_at'
>

/** What is known of a new endpoint beside what was asked: it is the one without a name, or the listener of a machine. */
type Kind = { is_simple: boolean; machine?: string; webhook_secret?: string }

const endpointsMax = 50

/** Makes an endpoint in the mode of the key that asks. @throws a Problem when its url is not one that events may be sent to. */
export async function createEndpoint(context: Context, input: NewEndpoint): Promise<EndpointWithSecret> {
  const url = await readEndpointUrl(context, input.url, input)
  return context.database.transaction(async (transaction) => {
    const made = await insertEndpoint(transaction, context, { ...input, url, is_simple: false })
    return made ?? tooMany()
  })
}

/**
 * Writes a new endpoint and the word of it, whose url has been judged. Undefined when the one that is set without naming it, or
 * this listener, is there already. @throws a Problem when the merchant has as many as may be.
 */
export async function insertEndpoint(
  transaction: Transaction,
  context: Context,
  {
    merchant_id,
    mode,
    url,
    events = null,
    headers = {},
    description = null,
    is_simple,
    machine,
    webhook_secret = newWebhookSecret(),
  }: NewEndpoint & Kind,
): Promise<EndpointWithSecret | undefined> {
  const { secretKeys } = context.config
  const now = context.clock.now()
  const id = newId(now)
  const owner = { merchant_id, endpoint_id: id }
  const sealedHeaders = sealHeaders(secretKeys, owner, changeHeaders({}, headers))
  const sealedSecret = sealSecret(secretKeys, owner, 'secret', webhook_secret)
  const { count } = await transaction.one<{ count: number }>(
    sql`select count(*)::int as count from webhook_endpoints where merchant_id = ${merchant_id} and deleted_at is null`,
  )
  if (count >= endpointsMax) return tooMany()
  const endpoint = await transaction.maybe<Endpoint>(sql`
    insert into webhook_endpoints ${oneRow<Inserted>({
      merchant_id,
      id,
      mode,
      url,
      description,
      events,
      headers: sealedHeaders,
      secret: sealedSecret,
      is_simple,
      machine: machine ?? null,
      heard_at: machine === undefined ? null : now,
      paused_until: machine === undefined ? null : forEver,
      created_at: now,
      updated_at: now,
    })}
    on conflict do nothing
    returning *`)
  if (!endpoint) return undefined
  const details = { url, events, mode, headers: Object.keys(headers) }
  await auditEndpoint(transaction, context, { endpoint, action: 'created', details })
  return { endpoint, webhook_secret }
}

function tooMany(): never {
  throw new Problem('conflict', `There are ${endpointsMax} endpoints already. Delete one that is not used.`)
}

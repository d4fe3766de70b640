import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { insertEndpoint } from './create-endpoint.ts'
import type { NewEndpoint } from './create-endpoint.ts'
import { auditEndpoint, isNamed } from './endpoint.ts'
import type { Endpoint, EndpointWithSecret } from './endpoint.ts'
import { readEndpointUrl } from './endpoint-url.ts'
import { changeHeaders, sealHeaders } from './headers.ts'
import { newSecretOf } from './rotate-secret.ts'
import { enabledAgain } from './update-endpoint.ts'

/** An endpoint as it was set, and whether it was made by that. */
export type SetEndpoint = EndpointWithSecret & { isNew: boolean }

/**
 * Sets the one endpoint of a merchant and mode that needs no id: makes it, or changes it whole, enables it and gives it a new
 * secret, beside which the old one signs for 24 hours. Other endpoints stay as they are.
 * @throws a Problem when its url is not one that events may be sent to.
 */
export async function setEndpoint(context: Context, input: NewEndpoint): Promise<SetEndpoint> {
  const url = await readEndpointUrl(context, input.url, input)
  return context.database.transaction(async (transaction) => {
    const given = { ...input, url }
    const known = await lockSimple(transaction, input)
    if (known) return changeWhole(transaction, context, { endpoint: known, given })
    const made = await insertEndpoint(transaction, context, { ...given, is_simple: true })
    if (made) return { ...made, isNew: true }
    // Somebody else has made it in the same moment.
    const theirs = await lockSimple(transaction, input)
    return changeWhole(transaction, context, { endpoint: theirs!, given })
  })
}

function lockSimple(transaction: Transaction, { merchant_id, mode }: NewEndpoint): Promise<Endpoint | undefined> {
  return transaction.maybe<Endpoint>(sql`
    select * from webhook_endpoints where merchant_id = ${merchant_id} and mode = ${mode} and is_simple and deleted_at is null
    for update`)
}

async function changeWhole(
  transaction: Transaction,
  context: Context,
  { endpoint: before, given }: { endpoint: Endpoint; given: NewEndpoint },
): Promise<SetEndpoint> {
  const { url, events = null, headers = {}, description = null } = given
  const owner = { merchant_id: before.merchant_id, endpoint_id: before.id }
  const { columns, webhook_secret } = newSecretOf(context, before)
  const sealedHeaders = sealHeaders(context.config.secretKeys, owner, changeHeaders({}, headers))
  const endpoint = await transaction.one<Endpoint>(sql`
    update webhook_endpoints w set url = ${url}, events = ${events}, description = ${description}, headers = ${sealedHeaders},
      ${columns}, ${enabledAgain}, updated_at = ${context.clock.now()}
    where ${isNamed(before)} returning *`)
  const details = { url, events, headers: Object.keys(headers) }
  await auditEndpoint(transaction, context, { endpoint, action: 'updated', details })
  await auditEndpoint(transaction, context, { endpoint, action: 'secret_rotated' })
  return { endpoint, webhook_secret, isNew: false }
}

import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { auditEndpoint, isNamed, lockEndpoint } from './endpoint.ts'
import type { Endpoint, EndpointName, EndpointWithSecret } from './endpoint.ts'
import { newWebhookSecret, openSecrets, rotationEnd, sealSecret } from './secret.ts'

/**
 * Gives an endpoint a new secret. For 24 hours the old one signs beside it, so that no event is refused while the merchant
 * changes over. @throws a Problem when there is none.
 */
export async function rotateSecret(context: Context, name: EndpointName): Promise<EndpointWithSecret> {
  return context.database.transaction(async (transaction) => {
    const { columns, webhook_secret } = newSecretOf(context, await lockEndpoint(transaction, name))
    const endpoint = await transaction.one<Endpoint>(sql`
      update webhook_endpoints w set ${columns}, updated_at = ${context.clock.now()} where ${isNamed(name)} returning *`)
    await auditEndpoint(transaction, context, { endpoint, action: 'secret_rotated' })
    return { endpoint, webhook_secret }
  })
}

/** A new secret for an endpoint, and what its columns become by it. */
export function newSecretOf(
  { config: { secretKeys }, clock }: Context,
  endpoint: Endpoint,
): { columns: Sql; webhook_secret: string } {
  const now = clock.now()
  const owner = { merchant_id: endpoint.merchant_id, endpoint_id: endpoint.id }
  const { current } = openSecrets(secretKeys, { ...endpoint, ...owner }, now)
  const webhook_secret = newWebhookSecret()
  const columns = sql`secret = ${sealSecret(secretKeys, owner, 'secret', webhook_secret)},
    previous_secret = ${sealSecret(secretKeys, owner, 'previous_secret', current)}, previous_secret_until = ${rotationEnd(now)}`
  return { columns, webhook_secret }
}

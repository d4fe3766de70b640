import { pesaflowKey, pesaflowSecret, sandboxPasskey } from '../../simulator/index.ts'
import type { Random } from '../../simulator/random.ts'
import { createKey } from '../../server/access/key.ts'
import { scopes } from '../../server/access/scope.ts'
import { configureAccount } from '../../server/accounts/configure.ts'
import { defaultAccount } from '../../server/accounts/named.ts'
import { registerC2b } from '../../server/c2b/register.ts'
import type { Context } from '../../server/context.ts'
import { createMerchant } from '../../server/merchants/merchant.ts'
import { enablePayouts } from '../../server/payouts/enable.ts'
import { registerForRecords } from '../../server/reconciliation/register.ts'
import { createEndpoint } from '../../server/webhooks/create-endpoint.ts'

const shortcode = '174379'

/** A shop that does everything a shop can: it takes payments, however they come, pays out, and is told by webhook. */
export async function openShop(
  context: Context,
  random: Random,
): Promise<{ id: string; key: string; second: string; shortcode: string }> {
  const { id: merchant_id } = await createMerchant(context, 'Duka la Dhoruba')
  await configureAccount(context, {
    merchant_id,
    provider: 'mpesa',
    environment: 'simulator',
    shortcode,
    till: null,
    type: 'paybill',
    credentials: {
      consumer_key: 'storm-key',
      consumer_secret: 'storm-secret',
      passkey: sandboxPasskey,
      initiator: 'testapi',
      security_credential: `${'A'.repeat(342)}==`,
      nominated_number: '254722000000',
    },
  })
  await configureAccount(context, {
    merchant_id,
    provider: 'pesaflow',
    environment: 'simulator',
    shortcode: '588',
    till: '48798',
    type: 'paybill',
    credentials: { api_key: pesaflowKey, secret: pesaflowSecret },
  })
  const keyFor = (name: string) => createKey(context, { merchant_id, name, mode: 'test', scopes: [...scopes] })
  const [{ key }, { key: second }] = [await keyFor('storm'), await keyFor('second')]
  await createEndpoint(context, { merchant_id, mode: 'test', url: 'http://41.90.0.7/hook' })

  await enablePayouts(
    { ...context, actor: 'user:owner', isOwner: true },
    { merchant_id, daily_limit_cents: 100_000_000, approval_above_cents: null },
  )
  await registerC2b(context, await defaultAccount(context, merchant_id, 'mpesa'), 'accept')

  // Half of all shops have no Pull, and live by callbacks, checks and statements.
  if (random.fraction() < 0.5) await registerForRecords(context, await defaultAccount(context, merchant_id, 'mpesa'))
  return { id: merchant_id, key, second, shortcode }
}

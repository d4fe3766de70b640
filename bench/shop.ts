import {
  createContext,
  createKey,
  createLog,
  createMerchant,
  configureAccount,
  readSecretKey,
  scopes,
} from '../server/index.ts'
import type { Database } from '../server/index.ts'
import { createEndpoint } from '../server/webhooks/create-endpoint.ts'
import { secretKey } from './prepare.ts'
import type { Town } from './town.ts'

/** A merchant with an account in town, whose webhooks go there. Answers the API key. */
export async function openShop(database: Database, { url }: Town): Promise<string> {
  const context = createContext({
    database,
    log: createLog('error'),
    config: {
      publicUrl: 'http://localhost',
      secretKeys: { current: readSecretKey(secretKey), previous: [] },
      darajaUrls: { simulator: url, sandbox: url, live: url },
      trustedProxies: [],
    },
  })
  const { id: merchant_id } = await createMerchant(context, 'bench')
  await configureAccount(context, {
    merchant_id,
    provider: 'mpesa',
    environment: 'simulator',
    shortcode: '174379',
    till: null,
    type: 'paybill',
    credentials: { consumer_key: 'bench', consumer_secret: 'bench', passkey: 'a'.repeat(64) },
  })
  await createEndpoint(context, { merchant_id, mode: 'test', url: `${url}/hook` })
  const { key } = await createKey(context, { merchant_id, name: 'bench', mode: 'test', scopes: [...scopes] })
  return key
}

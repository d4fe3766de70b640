import { securityCredential } from '@lango/daraja'
import {
  configureAccount,
  createKey,
  createMerchant,
  currentAccount,
  findMerchant,
  isKey,
  registerC2b,
  registerForRecords,
  scopes,
} from '@lango/server'
import type { Context, Settings } from '@lango/server'
import { sandboxPasskey } from '@lango/simulator'
import { demoFile, keep, recall } from './home.ts'
import type { Demo } from './home.ts'

// What Safaricom has published for its sandbox; the simulator takes any.
const sandbox = { shortcode: '174379', initiator: 'testapi', password: 'Safaricom999!*!', nominated: '254722000000' }

/**
 * Makes the merchant `demo` once, with an account in the simulator that can do everything; its key is kept for the next start.
 * A simulator that starts anew has forgotten where to tell of payments from the menu, so that it is told again.
 */
export async function prepareDemo(context: Context, settings: Settings): Promise<Demo> {
  const file = demoFile(settings)
  const known = recall<Demo>(file)
  // The file may be of another database than the one in use.
  const demo = known && (await isKey(context, known.key)) ? known : await makeDemo(context)
  keep(file, demo)
  await register(context, demo)
  return demo
}

async function makeDemo(context: Context): Promise<Demo> {
  const merchant = await createMerchant(context, 'demo')
  await configureAccount(context, {
    merchant_id: merchant.id,
    provider: 'mpesa',
    environment: 'simulator',
    shortcode: sandbox.shortcode,
    till: null,
    type: 'paybill',
    credentials: {
      consumer_key: 'demo',
      consumer_secret: 'demo',
      passkey: sandboxPasskey,
      initiator: sandbox.initiator,
      security_credential: securityCredential(sandbox.password, 'sandbox'),
      nominated_number: sandbox.nominated,
    },
  })
  const { key, merchant_id } = await createKey(context, {
    merchant_id: merchant.id,
    name: 'demo',
    mode: 'test',
    scopes: [...scopes],
  })
  return { merchant_id, key }
}

async function register(context: Context, { merchant_id }: Demo): Promise<void> {
  const merchant = await findMerchant(context, merchant_id)
  const account = await currentAccount(context, merchant!.id, 'mpesa')
  if (account.environment !== 'simulator') return
  try {
    await registerC2b(context, account, account.c2b_default_action)
    if (account.credentials.nominated_number) await registerForRecords(context, account)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.log(`  The simulator will not tell of payments from the menu: ${reason}`)
  }
}

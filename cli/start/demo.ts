import { securityCredential } from '@lango/daraja'
import {
  configureAccount,
  defaultAccount,
  findCaller,
  inTurn,
  keepOfInstallation,
  merchantOfInstallation,
  Problem,
  recallOfInstallation,
  registerC2b,
  registerForRecords,
  scopes,
} from '@lango/server'
import type { Account, Context, Merchant, Settings } from '@lango/server'
import { sandboxPasskey } from '@lango/simulator'
import { demoFile, recallKey } from '../home.ts'
import type { KeptKey } from '../home.ts'
import { keptKey } from './kept-key.ts'
import type { Provided } from './simulator.ts'

// What Safaricom has published for its sandbox; the simulator takes any.
const sandbox = { shortcode: '174379', initiator: 'testapi', password: 'Safaricom999!*!', nominated: '254722000000' }
// The numbers and keys that the simulator's Pesaflow knows.
const ecitizen = { client: '588', service: '48798' }
const answersWithinMs = 1_000

/** The demo merchant of the installation, under whatever name it goes by now, and a key of it. */
export type Demo = KeptKey & { name: string }

/**
 * Makes the demo merchant, once for the installation, with an account in the simulator that can do everything, and one at its
 * eCitizen. Its key is this home's, kept for the next start.
 */
export async function prepareDemo(context: Context, settings: Settings, simulator: Provided): Promise<Demo> {
  const file = demoFile(settings)
  const { account, demo } = await inTurn(context.database, async () => {
    await adopt(context, recallKey(file))
    const merchant = await merchantOfInstallation(context, 'demo_merchant', 'demo')
    const kept = await keptKey(context, merchant, { file, mode: 'test', scopes: [...scopes] })
    await provideEcitizen(context, merchant)
    return { account: await provideAccount(context, merchant), demo: { name: merchant.name, ...kept } }
  })
  if (account.environment === 'simulator') await register(context, account, simulator)
  return demo
}

/** An installation of before knows its demo merchant by the key alone, which has stayed when the merchant was renamed. */
async function adopt(context: Context, kept: KeptKey | undefined): Promise<void> {
  if (!kept || (await recallOfInstallation(context.database, 'demo_merchant'))) return
  const caller = await findCaller(context, kept.key)
  if (caller) await keepOfInstallation(context, 'demo_merchant', caller.merchant_id)
}

async function accountWith(context: Context, { id }: Merchant, provider: 'mpesa' | 'pesaflow') {
  try {
    return await defaultAccount(context, id, provider)
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'provider_not_configured')) throw error
    return undefined
  }
}

async function provideAccount(context: Context, merchant: Merchant): Promise<Account> {
  const { id } = merchant
  const present = await accountWith(context, merchant, 'mpesa')
  if (present) return present
  return configureAccount(context, {
    merchant_id: id,
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
}

async function provideEcitizen(context: Context, merchant: Merchant): Promise<void> {
  if (await accountWith(context, merchant, 'pesaflow')) return
  await configureAccount(context, {
    merchant_id: merchant.id,
    provider: 'pesaflow',
    environment: 'simulator',
    shortcode: ecitizen.client,
    till: ecitizen.service,
    type: 'paybill',
    credentials: { api_key: 'simulator-key', secret: 'simulator-secret' },
  })
}

/** Lets the simulator tell of payments from the menu. What cannot be registered is told, and is no reason not to start. */
async function register(context: Context, account: Account, simulator: Provided): Promise<void> {
  if (!(await isOursToRegister(context, simulator))) return
  try {
    await registerC2b(context, account, account.c2b_default_action)
    if ('nominated_number' in account.credentials) await registerForRecords(context, account)
    await keepOfInstallation(context, 'demo_callback_url', context.config.publicUrl)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    console.log(`  The simulator will not tell of payments from the menu: ${error.message}`)
  }
}

/**
 * A simulator that starts anew may have forgotten where to tell of payments, so that the node that runs it says it again. What
 * others run was told by the node that came first, and is told anew when nobody answers there any more.
 */
async function isOursToRegister(context: Context, { runBy }: Provided): Promise<boolean> {
  if (runBy !== 'others') return runBy === 'this node'
  const known = await recallOfInstallation<string>(context.database, 'demo_callback_url')
  if (known === undefined || known === context.config.publicUrl) return true
  const answer = context.fetch(`${known}/healthz`, { signal: AbortSignal.timeout(answersWithinMs) })
  return !(await answer.then(
    ({ ok }) => ok,
    () => false,
  ))
}

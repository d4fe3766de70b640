import { findCaller, defaultAccount, Problem } from '@lango/server'
import type { Account } from '@lango/server'
import { withClient } from '../client.ts'
import { hint } from '../hint.ts'
import { findRunning } from '../home.ts'
import { lookAtInstallation } from '../installation.ts'
import { loadKnownSettings } from '../settings.ts'
import { simulatorUrl } from '../trigger/simulator.ts'
import { startOwn } from './own-lango.ts'
import type { MpesaKeys, PesaflowKeys, Stage } from './stage.ts'

/** What was given on the command line. */
export type Given = {
  key: string | undefined
  url: string | undefined
  simulator: string | undefined
  phone: string | undefined
}

const simulated = {
  mpesa: { consumer_key: 'verify-key', consumer_secret: 'verify-secret', shortcode: '174379' },
  pesaflow: { api_client_id: '588', service_id: '48798', api_key: 'simulator-key', secret: 'simulator-secret' },
}

/** The Lango that runs, or is named; else one of its own, with its simulator, for as long as the suites take. */
export async function simulatorStage(given: Given, passkey: string): Promise<{ stage: Stage; end(): Promise<void> }> {
  const isThere = given.url !== undefined || process.env['LANGO_URL'] || findRunning(loadKnownSettings()) !== undefined
  if (!isThere) {
    const { end, ...own } = await startOwn()
    return { stage: await prepared({ ...own, passkey }), end }
  }
  const { url, key } = await withClient(given, (_, address) => Promise.resolve(address))
  return { stage: await prepared({ url, key, simulator: simulatorUrl(given.simulator), passkey }), end: async () => {} }
}

/** Gives the merchant an account with Pesaflow's simulator, where it has none. */
async function prepared({
  url,
  key,
  simulator,
  passkey,
}: Pick<Stage, 'url' | 'key'> & { simulator: string; passkey: string }): Promise<Stage> {
  const at = `${url}/v1/merchant/providers/pesaflow`
  const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
  const { status } = await fetch(at, { headers })
  if (status === 404 || status === 422) {
    const body = JSON.stringify({ pesaflow: { env: 'simulator', ...simulated.pesaflow } })
    await fetch(at, { method: 'PUT', headers, body })
  }
  const mpesa = { ...simulated.mpesa, passkey }
  return {
    environment: 'simulator',
    url,
    key,
    simulator,
    upstream: simulator,
    mpesa,
    pesaflow: simulated.pesaflow,
    phone: undefined,
  }
}

/** The Lango that runs, with the credentials that its merchant has for the sandbox. @throws what is missing, in one sentence. */
export async function sandboxStage(given: Given): Promise<Stage> {
  const { url, key } = await withClient(given, async (lango, address) => {
    await lango.payments.list({ limit: 1 }).page()
    return address
  })
  const { mpesa, pesaflow } = await lookAtInstallation(async (context) => {
    const caller = await findCaller(context, key)
    if (!caller)
      throw new Error('The key is not of the Lango in this home: set LANGO_HOME, or run it where that Lango runs.')
    const find = (provider: 'mpesa' | 'pesaflow') => defaultAccount(context, caller.merchant_id, provider).catch(none)
    return { mpesa: inSandbox(await find('mpesa')), pesaflow: inSandbox(await find('pesaflow')) }
  })
  if (!mpesa && !pesaflow)
    throw new Error(
      `This merchant has no account in the sandbox. Verifying there needs one at least: M-Pesa's with ${hint('merchants', 'provider', '--help')} or the MPESA_ settings, Pesaflow's with PUT /v1/merchant/providers/pesaflow; and --phone 07… of somebody who approves what is asked.`,
    )
  return {
    environment: 'sandbox',
    url,
    key,
    simulator: undefined,
    upstream: undefined,
    phone: given.phone,
    mpesa: mpesa && ({ ...mpesa.credentials, shortcode: mpesa.shortcode } as MpesaKeys),
    pesaflow:
      pesaflow &&
      ({ ...pesaflow.credentials, api_client_id: pesaflow.shortcode, service_id: pesaflow.till } as PesaflowKeys),
  }
}

function none(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error
}

function inSandbox(account: Account | undefined): Account | undefined {
  return account?.environment === 'sandbox' ? account : undefined
}

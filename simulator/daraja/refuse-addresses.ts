import type { World } from '../world.ts'
import type { DarajaRequest } from './api.ts'
import { callbackAddressProblem, forbiddenWord, plainHttp } from './callback-address.ts'
import { invalid } from './reply.ts'
import type { Reply } from './reply.ts'

/** The names that Daraja's APIs have for where they post to. */
const names = ['QueueTimeOutURL', 'ResultURL', 'CallBackURL', 'callbackUrl', 'callbackurl']

/**
 * Warns of addresses that Safaricom could not or would not post to, and refuses them where the settings say so. C2B and
 * STK push have rules of their own.
 */
export function refuseAddresses(
  { settings }: World,
  asked: Record<string, unknown>,
  warn: DarajaRequest['warn'],
): Reply | undefined {
  for (const name of names) {
    const address = asked[name]
    if (typeof address !== 'string') continue
    const word = forbiddenWord(address)
    if (word !== undefined) warn(`${name} contains "${word}", which Safaricom forbids in addresses.`)
    const problem = callbackAddressProblem(address) ?? plainHttp(address)
    if (problem === undefined) continue
    warn(`${name}: ${problem}`)
    if (!settings.local_callbacks) return invalid(name)
  }
  return undefined
}

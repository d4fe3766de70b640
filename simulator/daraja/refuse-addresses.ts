import type { World } from '../world.ts'
import type { DarajaRequest } from './api.ts'
import { forbiddenWord, isPlain, isPrivate } from './callback-address.ts'
import { refused, taken } from './judgements.ts'
import { invalid } from './reply.ts'
import type { Reply } from './reply.ts'

/** The names that Daraja's APIs have for where they post to. */
const names = ['QueueTimeOutURL', 'ResultURL', 'CallBackURL', 'callbackUrl', 'callbackurl']

/**
 * Warns of addresses that Safaricom could not or would not post to, and refuses them where the settings say so. C2B has
 * rules of its own.
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
    if (word !== undefined) {
      warn(taken('addressWord', { of: name, what: `contains "${word}", which Safaricom forbids in addresses` }))
    }
    const problem = isPrivate(address) ? 'addressPrivate' : isPlain(address) ? 'addressPlain' : undefined
    if (problem === undefined) continue
    if (!settings.local_callbacks) return invalid(name, refused(problem, { of: name }))
    warn(taken(problem, { of: name }))
  }
  return undefined
}

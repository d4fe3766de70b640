import type { World } from '../world.ts'
import { decryptCredential } from './certificate.ts'
import { address, base64, judgedBy, text } from './fields.ts'

/** Encrypted with a 2048-bit key and in base64, a password of any length has 344 characters. */
export const securityCredential = judgedBy('credential', base64(/^[A-Za-z0-9+/]{342}==$/))

export const initiator = text(100)

/** The fields with which the requests of API operators end. */
export const resultAddresses = { QueueTimeOutURL: address, ResultURL: address }

/** API operators of whom M-PESA thinks ill. All other names are operators with every role. */
const illFamed = new Map(Object.entries<string>({ wrong: '2001', locked: '8006', forbidden: '21' }))

/** The passwords of Safaricom's sandbox. */
const passwords = ['Safaricom999!*!', 'Safaricom123!!']

/** Why M-PESA does not take a request from an operator, as a result code. */
export function initiatorProblem(
  world: World,
  { initiator, credential }: { initiator: string; credential: string },
): string | undefined {
  const illFame = illFamed.get(initiator)
  if (illFame !== undefined) return illFame
  if (world.settings.security_credential === 'any') return undefined
  return passwords.includes(decryptCredential(world, credential)) ? undefined : '2001'
}

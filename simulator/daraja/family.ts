import { refused } from './judgements.ts'
import { methodNotAllowed, refuse } from './reply.ts'
import type { Reply } from './reply.ts'

/** APIs that refuse tokens and verbs in the same words. Safaricom's products were built by different hands. */
export type Family = {
  invalidToken(token: string): Reply
  missingToken(): Reply
  wrongVerb(verb: string): Reply
}

const badHeader = (why: string, word = 'Authentication') => refuse(404, '404.001.04', `Invalid ${word} Header`, why)

const family = (
  status: number,
  errorCode: string,
  message: (token: string) => string,
  rest: Partial<Family> = {},
): Family => ({
  invalidToken: (token) => refuse(status, errorCode, message(token), refused('token')),
  missingToken: () => badHeader(refused('tokenMissing')),
  wrongVerb: () => badHeader(refused('verb')),
  ...rest,
})

export const families = {
  /** STK push, reversal. */
  stk: family(404, '404.001.03', () => 'Invalid Access Token', { wrongVerb: methodNotAllowed }),
  /** STK query, dynamic QR, transaction status. */
  query: family(400, '400.003.01', () => 'Invalid Access Token'),
  /** C2B register and simulate. */
  c2b: family(400, '400.003.01', () => 'Invalid Access Token', {
    missingToken: () => badHeader(refused('tokenMissing'), 'Authenticator'),
    wrongVerb: () => badHeader(refused('verb'), 'Authenticator'),
  }),
  /** B2C, Pochi, B2B, account balance. */
  core: family(401, '401.002.01', (token) => `Error Occurred - Invalid Access Token - ${token}`),
  /** Account balance: as the core, but it names the verb. */
  balance: family(401, '401.002.01', (token) => `Error Occurred - Invalid Access Token - ${token}`, {
    wrongVerb: methodNotAllowed,
  }),
  /** Pull transactions, organisation info, Hakikisha. */
  pull: family(401, '401.001', () => 'Invalid Access Token'),
  billManager: family(401, '401', () => 'Unauthorized - Invalid Access Token'),
  /** IMSI, SWAP, IoT and the other commercial look-ups. */
  commercial: family(401, '401', () => 'Unauthorized'),
} as const

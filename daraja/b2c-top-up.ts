import { b2b } from './b2b.ts'
import type { B2b } from './b2b.ts'
import type { Daraja } from './client.ts'
import type { Acknowledged } from './core/initiated.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'

export type B2cTopUp = Omit<B2b, 'command' | 'receiverType'>

/**
 * Moves money from a Working account to the Utility account from which B2C pays (`POST /mpesa/b2b/v1/paymentrequest` with
 * command `BusinessPayToBulk`). The result is read with `parseB2bResult`. Never throws.
 *
 * @example
 * await b2cTopUp(daraja, {
 *   initiator: 'testapi', securityCredential, shortcode: '600979', receiver: '600000', amount: 239, accountReference: '353353',
 *   resultUrl: 'https://shop.example/in/1f2e', timeoutUrl: 'https://shop.example/in/1f2e/timeout',
 * })
 */
export function b2cTopUp(daraja: Daraja, topUp: B2cTopUp, options: SendOptions = {}): Promise<Outcome<Acknowledged>> {
  return b2b(daraja, { ...topUp, command: 'BusinessPayToBulk' }, options)
}

export { parseB2bResult as parseB2cTopUpResult } from './b2b.ts'

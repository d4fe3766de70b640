import { MISSING_ID, payPersonBody, payPersonObjections } from './b2c.ts'
import type { PayPerson } from './b2c.ts'
import type { Daraja } from './client.ts'
import { judgeAcknowledgement } from './core/initiated.ts'
import type { Acknowledged } from './core/initiated.ts'
import { refuseLocally } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'

export type Pochi = PayPerson & {
  /** Your own id of this payment. Safaricom refuses a second one with the same id. */
  originatorConversationId: string
}

/**
 * Pays a small trader's Pochi la Biashara wallet (`POST /mpesa/b2pochi/v1/paymentrequest`). The same as B2C version 3 but for
 * the receiver, who must hold such a wallet; the result is read with `parseB2cResult`. Never throws; cannot be reversed.
 *
 * @example
 * await pochi(daraja, {
 *   initiator: 'testapi', securityCredential, shortcode: '600992', phone: '0705 912 645', amount: 10,
 *   originatorConversationId: 'pot_1f2e', resultUrl: 'https://shop.example/in/1f2e', timeoutUrl: 'https://shop.example/in/1f2e/timeout',
 * })
 */
export async function pochi(daraja: Daraja, payment: Pochi, options: SendOptions = {}): Promise<Outcome<Acknowledged>> {
  const ownId = payment.originatorConversationId
  const refusal = refuseLocally([...payPersonObjections(daraja, payment), ownId ? undefined : MISSING_ID], options)
  if (refusal) return refusal
  const body = { OriginatorConversationID: ownId, ...payPersonBody(payment, 'BusinessPayToPochi') }
  return judgeAcknowledgement(await post(daraja, '/mpesa/b2pochi/v1/paymentrequest', body))
}

export { parseB2cResult as parsePochiResult } from './b2c.ts'

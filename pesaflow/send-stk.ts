import type { Bill } from './bill.ts'
import { postBill } from './checkout.ts'
import type { CheckoutAccepted } from './checkout.ts'
import type { Pesaflow } from './client.ts'
import { refusedUnsent } from './core/outcome.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'

/**
 * Brings a bill to Pesaflow as `checkout` does, and has the payer's phone asked at once (`sendSTK=true`). The prompt has no
 * id of its own: what becomes of it is told for the bill. After `unknown` the phone may be ringing.
 *
 * @example const outcome = await sendStk(pesaflow, { …, payer: { …, phone: '254712345678' } })
 */
export function sendStk(pesaflow: Pesaflow, bill: Bill, options: SendOptions = {}): Promise<Outcome<CheckoutAccepted>> {
  if (bill.payer.phone !== undefined || options.sendAnyway) return postBill(pesaflow, bill, true, options)
  const words = 'A prompt needs the phone of the payer.'
  return Promise.resolve(refusedUnsent('refused_locally', words, 'Nothing was sent. Give the phone, or use checkout.'))
}

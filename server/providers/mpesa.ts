import { readCallback } from './mpesa/callback.ts'
import { checkPayment, refuseUnpayable, requestPayment } from './mpesa/payment.ts'
import type { Provider } from './provider.ts'

/** M-Pesa through Safaricom's Daraja: each verb has its file in `mpesa/`. */
export function createMpesa(): Provider {
  return { requestPayment, checkPayment, readCallback, refuseUnpayable }
}

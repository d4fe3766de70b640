import type { Provider } from '../provider.ts'
import { amountCentsMax, refuseNameless, refuseUnpayable } from './bill.ts'
import { examineCredentials } from './credentials.ts'
import { mayFrame } from './framing.ts'
import { judgeNotification, readNames, readNotification } from './notification.ts'
import { checkPayment, requestAgain, requestPayment } from './payment.ts'

/** Where notifications may be posted by hand or by a forwarder, as integrators have named it. */
const paths = ['/api/v1/payments/webhook/ecitizen-pesaflow/:token?']

/**
 * eCitizen through Pesaflow. It collects, and no more: no source knows of a refund, a payout, a list of payments or a statement.
 * Nobody has said how long a bill can be paid: for a month it is asked about, at growing gaps.
 */
export function createPesaflowProvider(): Provider {
  return {
    payments: {
      amount_cents_max: amountCentsMax,
      asks: 'at_page',
      window: {
        ms: 30 * 24 * 3_600_000,
        over: 'Pesaflow told nothing of this bill for 30 days. Look for it at eCitizen.',
      },
      refuse: refuseUnpayable,
      refusePayer: refuseNameless,
      request: requestPayment,
      requestAgain,
      check: checkPayment,
      mayFrame,
      names: readNames,
      read: readNotification,
    },
    callbacks: {
      paths,
      headers: [],
      accepted: { success: 'true', message: 'Received' },
      refused: { success: 'false', message: 'This is not a notification of Pesaflow.' },
      isProof: false,
      // eCitizen publishes no addresses from which it posts.
      isListed: () => false,
      judge: judgeNotification,
      requestId: () => undefined,
      isTimeout: () => false,
    },
    credentials: { examine: examineCredentials },
  }
}

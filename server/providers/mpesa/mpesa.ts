import { CALLBACK_ADDRESSES } from '@lango/daraja/callback-addresses'
import { askBalance, readBalance } from './balance.ts'
import { readMoneyIn, registerMoneyIn, replyToConfirmation, replyToValidation } from './c2b.ts'
import { readCallback } from './callback.ts'
import { examineCredentials } from './credentials.ts'
import { hasOperator, isTimeout, readRequestId } from './operator.ts'
import { amountCentsMax, checkPayment, refuseUnpayable, requestPayment } from './payment.ts'
import { payOut, payoutRequestId, readPayout, refuseUnsendable } from './payout.ts'
import { listRecords, registerRecords } from './pull.ts'
import { drawQr, refuseUndrawable } from './qr.ts'
import { readRefund, refund, refuseUnrefundable } from './refund.ts'
import { judgeSignature } from './signature.ts'
import { createStatementReader } from './statement/open.ts'
import { askStatus, readStatus } from './status.ts'
import type { Provider } from '../provider.ts'

/** Where Safaricom's bodies may be posted by hand or by a forwarder; what they are is told by token and body, never by path. */
const paths = [
  '/v1/webhooks/mpesa/:token?',
  ...['transactionstatus', 'reversal', 'b2c', 'b2b', 'balance'].flatMap((noun) =>
    ['result', 'timeout'].map((kind) => `/v1/webhooks/mpesa/${noun}/${kind}/:token?`),
  ),
]

const toList = <Item>(item: Item | undefined): Item[] | undefined => item && [item]

/** M-Pesa through Safaricom's Daraja: each verb has its file beside this one. */
export function createMpesa(): Provider {
  return {
    payments: {
      amount_cents_max: amountCentsMax,
      asks: 'by_prompt',
      window: {
        ms: 48 * 3_600_000,
        over: 'M-Pesa gave no verdict within 48 hours. Look for this payment in the M-Pesa statement.',
      },
      refuse: refuseUnpayable,
      request: requestPayment,
      check: checkPayment,
      read: (posted) => toList(readCallback(posted)),
    },
    callbacks: {
      paths,
      headers: ['x-mpesa-signature', 'businessshortcode'],
      accepted: { ResultCode: 0, ResultDesc: 'Accepted' },
      refused: { ResultCode: 1, ResultDesc: 'This is not a callback of M-Pesa.' },
      isProof: true,
      isListed: (address) => CALLBACK_ADDRESSES.includes(address),
      judge: judgeSignature,
      requestId: readRequestId,
      isTimeout,
    },
    refunds: { refuse: refuseUnrefundable, request: refund, read: readRefund },
    payouts: { refuse: refuseUnsendable, requestId: payoutRequestId, request: payOut, read: readPayout },
    statuses: { canAsk: hasOperator, ask: askStatus, read: readStatus },
    balances: { ask: askBalance, read: readBalance },
    moneyIn: { register: registerMoneyIn, read: readMoneyIn, replyToValidation, replyToConfirmation },
    credentials: { examine: examineCredentials },
    qrCodes: { refuse: refuseUndrawable, draw: drawQr },
    records: { register: registerRecords, list: listRecords, openStatement: createStatementReader() },
  }
}

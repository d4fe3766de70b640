import { askBalance, readBalance } from './mpesa/balance.ts'
import { readMoneyIn, registerMoneyIn, replyToConfirmation, replyToValidation } from './mpesa/c2b.ts'
import { readCallback } from './mpesa/callback.ts'
import { hasOperator, isTimeout, readRequestId } from './mpesa/operator.ts'
import { checkPayment, refuseUnpayable, requestPayment } from './mpesa/payment.ts'
import { payOut, payoutRequestId, readPayout, refuseUnsendable } from './mpesa/payout.ts'
import { listRecords, registerRecords } from './mpesa/pull.ts'
import { readRefund, refund, refuseUnrefundable } from './mpesa/refund.ts'
import { readStatement } from './mpesa/statement.ts'
import { askStatus, readStatus } from './mpesa/status.ts'
import type { Provider } from './provider.ts'

/** M-Pesa through Safaricom's Daraja: each verb has its file in `mpesa/`. */
export function createMpesa(): Provider {
  return {
    requestPayment,
    checkPayment,
    readCallback,
    refuseUnpayable,
    refund,
    refuseUnrefundable,
    readRefund,
    payOut,
    payoutRequestId,
    refuseUnsendable,
    readPayout,
    askStatus,
    canAskStatus: hasOperator,
    readStatus,
    askBalance,
    readBalance,
    readRequestId,
    isTimeout,
    registerMoneyIn,
    readMoneyIn,
    replyToValidation,
    replyToConfirmation,
    registerRecords,
    listRecords,
    readStatement,
  }
}

import { describeResult, isStillProcessing, parseStkCallback } from '@lango/daraja'
import type { FailureCode, PaymentFinding } from '../finding.ts'
import type { Posted } from '../posted.ts'
import { amountOf } from './amount.ts'
import { readReceipt } from './receipt.ts'

/** Reads the callback of an STK push; undefined when the body is none. */
export function readCallback({ json }: Posted): Omit<PaymentFinding, 'raw'> | undefined {
  const callback = parseStkCallback(json)
  if (!callback) return undefined
  return {
    ...verdictOf(callback.resultCode, callback.resultDescription),
    provider_ref: callback.checkoutRequestId,
    merchant_request_id: callback.merchantRequestId,
    receipt: readReceipt(callback.receipt),
    ...amountOf(callback.amount),
    paid_at: callback.transactedAt,
  }
}

/** What a result code of STK push says. Only 0 is success; whatever else is final is a failure; that it is still under way is neither. */
export function verdictOf(
  resultCode: string,
  description: string,
): Pick<PaymentFinding, 'verdict' | 'failure_code' | 'message' | 'provider_code'> {
  if (resultCode === '0') return { verdict: 'success', provider_code: resultCode, message: description }
  if (isStillProcessing(resultCode)) return { verdict: null, provider_code: resultCode, message: description }
  const known = describeResult(resultCode)
  return {
    verdict: 'failure',
    provider_code: resultCode,
    failure_code: (known?.failure ?? 'provider_error') satisfies FailureCode,
    message: known?.payer ?? description,
  }
}

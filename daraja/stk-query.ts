import type { Daraja } from './client.ts'
import { asText } from './core/json.ts'
import { isZero, judge } from './core/judge.ts'
import { post } from './core/send.ts'
import { stkPassword } from './stk-push.ts'
import { isStillProcessing } from './result-codes.ts'

export type StkQuery = { shortcode: string; passkey: string; checkoutRequestId: string }

/** What a query knows of a push. Only a `verdict` is knowledge; `none` must never be read as a failed payment. */
export type StkQueryAnswer =
  | {
      kind: 'verdict'
      /** `0` if the payer paid; see `describeResult` for the others. */
      resultCode: string
      resultDescription: string
      merchantRequestId: string | undefined
      checkoutRequestId: string
      raw: string
    }
  | {
      kind: 'none'
      /** `processing`: the payer has not answered yet. `refused` and `unknown`: the query itself failed. */
      reason: 'processing' | 'refused' | 'unknown'
      /** Safaricom's `errorCode` or ours, where there is one. */
      code: string | undefined
      message: string
      raw: string | undefined
    }

/**
 * Asks what became of an STK push (`POST /mpesa/stkpushquery/v1/query`). A verdict is only a `ResultCode` other than 4999
 * in a 200 whose `ResponseCode` is 0. All else says nothing, `errorCode` 500.001.1001 above all: the sandbox was seen to
 * send it, with "does not exist" and with no words, for payments that were under way or done. Never throws. A verdict
 * names neither receipt nor amount.
 *
 * @example
 * const answer = await stkQuery(daraja, { shortcode: '174379', passkey, checkoutRequestId })
 * if (answer.kind === 'verdict' && answer.resultCode === '0') console.log('paid')
 */
export async function stkQuery(daraja: Daraja, query: StkQuery): Promise<StkQueryAnswer> {
  const reply = await post(daraja, '/mpesa/stkpushquery/v1/query', {
    BusinessShortCode: query.shortcode,
    ...stkPassword(query.shortcode, query.passkey, daraja.now()),
    CheckoutRequestID: query.checkoutRequestId,
  })
  const outcome = judge(reply, {
    accepted(json) {
      const resultCode = asText(json['ResultCode'])
      const checkoutRequestId = asText(json['CheckoutRequestID']) ?? query.checkoutRequestId
      // An answer about another push would be believed of this one.
      if (!isZero(json['ResponseCode']) || !resultCode || checkoutRequestId !== query.checkoutRequestId)
        return undefined
      // Whatever stands beside an error is no answer.
      if (asText(json['errorCode'])) return undefined
      const merchantRequestId = asText(json['MerchantRequestID'])
      return { resultCode, resultDescription: asText(json['ResultDesc']) ?? '', merchantRequestId, checkoutRequestId }
    },
  })
  if (outcome.kind === 'refused') return { ...outcome, kind: 'none', reason: 'refused' }
  if (outcome.kind === 'unknown') return { ...outcome, kind: 'none', reason: 'unknown', code: outcome.cause }
  if (!isStillProcessing(outcome.resultCode)) return { ...outcome, kind: 'verdict' }
  return {
    kind: 'none',
    reason: 'processing',
    code: outcome.resultCode,
    message: outcome.resultDescription,
    raw: outcome.raw,
  }
}

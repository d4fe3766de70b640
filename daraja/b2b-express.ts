import { isProduction } from './client.ts'
import type { Daraja } from './client.ts'
import { asText, readBody } from './core/json.ts'
import { isZero, judge } from './core/judge.ts'
import { refuseLocally, shortcodeObjection, urlObjection, urlWordObjection, wholeObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { readShillings } from './core/shillings.ts'
import type { Shillings } from './core/shillings.ts'

export type B2bExpress = {
  /** The merchant's till that pays. */
  payerTill: string
  /** The vendor's paybill that receives. */
  receiverShortcode: string
  /** Whole shillings. */
  amount: number
  /** Shown to the merchant. */
  paymentReference: string
  /** The vendor's name in the prompt. */
  partnerName: string
  callbackUrl: string
  /** Your own id of this request; unique. */
  requestId: string
}

export type B2bExpressAccepted = { status: string }

/**
 * Asks a merchant, on the phone nominated for its till, to pay a vendor (USSD push, `POST /v1/ussdpush/get-msisdn`). Accepted
 * means that the prompt is on its way; the outcome comes to the callback URL: `parseB2bExpressCallback`. Never throws. After
 * `unknown` the prompt may be showing.
 *
 * @example
 * await b2bExpress(daraja, {
 *   payerTill: '000001', receiverShortcode: '000002', amount: 100, paymentReference: 'INV-7', partnerName: 'Vendor',
 *   callbackUrl: 'https://shop.example/in/1f2e', requestId: crypto.randomUUID(),
 * })
 */
export async function b2bExpress(
  daraja: Daraja,
  request: B2bExpress,
  options: SendOptions = {},
): Promise<Outcome<B2bExpressAccepted>> {
  const refusal = refuseLocally(
    [
      shortcodeObjection('paying till', request.payerTill),
      shortcodeObjection('receiver', request.receiverShortcode),
      wholeObjection(request.amount),
      urlObjection('callback URL', request.callbackUrl, isProduction(daraja)),
      urlWordObjection('callback URL', request.callbackUrl),
      request.requestId === '' ? 'The request id is missing.' : undefined,
    ],
    options,
  )
  if (refusal) return refusal
  const reply = await post(daraja, '/v1/ussdpush/get-msisdn', {
    primaryShortCode: request.payerTill,
    receiverShortCode: request.receiverShortcode,
    amount: String(request.amount),
    paymentRef: request.paymentReference,
    callbackUrl: request.callbackUrl,
    partnerName: request.partnerName,
    RequestRefID: request.requestId,
  })
  return judge(reply, {
    accepted: (json) => (isZero(json['code']) ? { status: asText(json['status']) ?? '' } : undefined),
  })
}

/** What the callback of B2B Express says. */
export type B2bExpressCallback = {
  /** `0` paid, `4001` cancelled, `4102` KYC, `4104` no nominated number, `4201` network, `4203` USSD. */
  resultCode: string
  resultDescription: string
  /** Your id of the request. */
  requestId: string
  /** Shillings. */
  amount: Shillings | undefined
  /** The M-Pesa code. */
  receipt: string | undefined
  conversationId: string | undefined
  paymentReference: string | undefined
}

/** Reads what Safaricom posts to the callback URL of B2B Express. `undefined` for what is no such callback. */
export function parseB2bExpressCallback(body: unknown): B2bExpressCallback | undefined {
  const callback = readBody(body)
  const resultCode = asText(callback?.['resultCode'])
  const requestId = asText(callback?.['requestId'])
  if (!callback || !resultCode || !requestId) return undefined
  return {
    resultCode,
    resultDescription: asText(callback['resultDesc']) ?? '',
    requestId,
    amount: readShillings(callback['amount']),
    receipt: asText(callback['transactionId']),
    conversationId: asText(callback['conversationID']),
    paymentReference: asText(callback['paymentReference']),
  }
}
